#pragma once

#include "base/result.hpp"
#include "flow/request.hpp"

/// The verbs of the command line, each one call; the steps read as prose and hold no algorithm.
namespace bitmason::flow {

/// Reads and imports a network; the document lists every layer and what became of every node.
Result<Document> import_network(const ImportRequest& request);

/// Runs `.npy` inputs through the network and writes `.npy` outputs; the document gives frames and frames per
/// second.
Result<Document> run(const RunRequest& request, const Progress& progress);

Result<Document> list_devices(const DataFolders& data);
/// A part or a primitive by name.
Result<Document> show_device(const DataFolders& data, const std::string& name);
Result<Document> check_devices(const DataFolders& data);

/// The packing front of one cell, verified.
Result<Document> pack(const PackRequest& request, const Progress& progress);

/// Chooses every layer's implementation; nothing is written but the folding file asked for.
Result<Document> plan(const PlanRequest& request);

/// Import, plan, lower and emit into a folder; then verify and synthesise where asked.
Result<Document> build(const BuildRequest& request, const Progress& progress);

/// Checks a design folder at the level asked for and updates its report.
Result<Document> verify(const VerifyRequest& request, const Progress& progress);

/// Synthesises a design folder with Yosys and updates its report.
Result<Document> synthesise(const VerifyRequest& request, const Progress& progress);

/// The report of a design folder.
Result<Document> report(const std::filesystem::path& design);

/// Writes the network as standard ONNX with QuantizeLinear and DequantizeLinear.
Result<Document> export_qcdq(const ExportRequest& request);

/// The benchmark networks with their published widths.
Result<Document> list_zoo();

/// Writes a benchmark network with seeded weights as QONNX; the document gives the codes that every layer
/// uses on the verification frames of the seed. Errors: BM-ZOO-001..004, BM-FILE-002.
Result<Document> write_zoo(const ZooRequest& request, const Progress& progress);

}  // namespace bitmason::flow
