#pragma once

#include <memory>

#include "search/exact_search.hpp"
#include "verbs.hpp"

/// What `search` and `compare` have in common: a problem with measured sensitivities, from the command line.
namespace bitmason::train_cli {

struct SearchRequest {
  NetworkRequest network;
  DataRequest data;
  std::filesystem::path out;
  std::string part = "xczu3eg";
  std::vector<std::int64_t> intervals;  ///< cycles a frame
  bool uniform = false;                 ///< planned intervals of uniform 2 to 6 bits instead
  std::pair<int, int> weights{2, 8};    ///< narrowest and widest
  std::pair<int, int> activations{2, 8};
  std::size_t images = 512;
  int threads = 2;
  bool json = false;
};

/// Adds the options of a SearchRequest; returns what must hold when the verb is called.
std::function<void()> add_search_options(CLI::App& verb, SearchRequest& request);

/// Everything that a search needs. Problem refers to it.
struct SearchSetup {
  graph::Graph graph;  ///< float
  data::DataSplit data;
  search::Target target;
  search::Blueprint blueprint;
  search::WidthSets widths;
  search::CostTables tables;
  search::Sensitivities sensitivities;

  [[nodiscard]] search::Problem problem() const { return {blueprint, target, widths, tables, sensitivities}; }
};

/// Reads network and data, plans the budgets and measures what the request's folder does not hold yet, with
/// progress on stderr. Errors: those of all of these; BM-FLOW-001.
Result<std::unique_ptr<SearchSetup>> set_up(const SearchRequest& request);

/// A choice's own divergence from 8 bits, and sensitivities where all else has its widths.
struct Around {
  double divergence = 0;
  search::Sensitivities sensitivities;
};
/// Errors: those of qat::sensitivity().
Result<Around> measured_around(const SearchRequest& request, const SearchSetup& setup,
                               const search::Bits& bits);
/// The choice's divergence alone.
Result<double> divergence_of(const SearchRequest& request, const SearchSetup& setup,
                             const search::Bits& bits);

/// The float network in these bits, quantised without training on the first training images.
Result<graph::Graph> quantised(const SearchRequest& request, const graph::Graph& graph,
                               const data::ImageSet& images, const search::Bits& bits, int threads);

}  // namespace bitmason::train_cli
