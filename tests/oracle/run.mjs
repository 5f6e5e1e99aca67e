// Runs every case folder's expanded.onnx and qcdq_shown.onnx through onnxruntime; writes each output as raw float32.
import fs from "node:fs";
import path from "node:path";
import ort from "onnxruntime-node";

function readNpy(file) {
  const bytes = fs.readFileSync(file);
  const length = bytes.readUInt16LE(8);
  const header = bytes.subarray(10, 10 + length).toString();
  const shape = header.match(/'shape': \(([^)]*)\)/)[1].split(",").filter((s) => s.trim()).map(Number);
  const data = bytes.buffer.slice(bytes.byteOffset + 10 + length, bytes.byteOffset + bytes.length);
  return new ort.Tensor("float32", new Float32Array(data), shape);
}

const root = process.argv[2];
for (const name of fs.readdirSync(root)) {
  const folder = path.join(root, name);
  if (!fs.existsSync(path.join(folder, "expanded.onnx"))) continue;
  const input = readNpy(path.join(folder, "input.npy"));
  for (const form of ["expanded", "qcdq_shown"]) {
    // No graph rewriting: the operators as they stand in the file.
    const session = await ort.InferenceSession.create(path.join(folder, form + ".onnx"), {
      graphOptimizationLevel: "disabled",
      logSeverityLevel: 3,
    });
    const outputs = await session.run({ [session.inputNames[0]]: input });
    for (const [value, tensor] of Object.entries(outputs)) {
      fs.writeFileSync(path.join(folder, `${form}.${value}.bin`), Buffer.from(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength));
    }
  }
}
