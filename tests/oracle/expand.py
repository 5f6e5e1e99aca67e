"""Rewrites QONNX quantisers as elementary ONNX operators, from their definition, without Bitmason; every quantiser's output
becomes an output of the graph. Usage: expand.py IN.onnx OUT.onnx (any file; only IntQuant and BipolarQuant are rewritten)."""
import sys

import onnx
from onnx import helper, numpy_helper, TensorProto
import numpy as np


class Expander:
    def __init__(self, model):
        self.model = model
        self.nodes = []
        self.count = 0
        self.constants = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}

    def constant(self, value):
        self.count += 1
        name = f"expanded_constant_{self.count}"
        self.model.graph.initializer.append(numpy_helper.from_array(np.float32(value), name))
        return name

    def op(self, kind, *inputs, output=None):
        self.count += 1
        output = output or f"expanded_{self.count}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output]))
        return output

    def sign_of(self, x):
        positive = self.op("GreaterOrEqual", x, self.constant(0))
        return self.op("Where", positive, self.constant(1), self.constant(-1))

    def round(self, x, mode):
        mode = mode.upper()
        if mode in ("ROUND", "HALF_EVEN"):
            return self.op("Round", x)
        if mode in ("CEIL", "FLOOR"):
            return self.op(mode.capitalize(), x)
        size = self.op("Abs", x)
        if mode == "UP":
            size = self.op("Ceil", size)
        elif mode == "DOWN":
            size = self.op("Floor", size)
        elif mode == "HALF_UP":
            size = self.op("Floor", self.op("Add", size, self.constant(0.5)))
        elif mode == "HALF_DOWN":
            size = self.op("Ceil", self.op("Sub", size, self.constant(0.5)))
        else:
            raise SystemExit(f"rounding {mode}")
        return self.op("Mul", self.op("Sign", x), size)

    def int_quant(self, node):
        x, scale, zero, bits = node.input
        options = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        width = int(self.constants[bits].item())
        signed, narrow = options["signed"], options["narrow"]
        low = -(2 ** (width - 1)) + narrow if signed else 0
        high = 2 ** (width - 1) - 1 if signed else 2**width - 1 - narrow
        q = self.op("Add", self.op("Div", x, scale), zero)
        if signed and width == 1:
            q = self.sign_of(q)
        else:
            q = self.op("Clip", q, self.constant(low), self.constant(high))
            q = self.round(q, options.get("rounding_mode", b"ROUND").decode())
        self.op("Mul", self.op("Sub", q, zero), scale, output=node.output[0])

    def run(self):
        shown = []
        for node in self.model.graph.node:
            if node.op_type in ("IntQuant", "Quant"):
                self.int_quant(node)
            elif node.op_type == "BipolarQuant":
                self.op("Mul", self.sign_of(node.input[0]), node.input[1], output=node.output[0])
            else:
                self.nodes.append(node)
                continue
            shown.append(node.output[0])
        return finish(self.model, self.nodes, shown)


def finish(model, nodes, shown):
    """The model with these nodes and the named values as further outputs."""
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    outputs = {o.name for o in model.graph.output}
    for name in shown:
        if name not in outputs:
            model.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    kept = [entry for entry in model.opset_import if entry.domain in ("", "ai.onnx")]
    del model.opset_import[:]
    model.opset_import.extend(kept)
    return model


def main():
    source, target, *names = sys.argv[1:]
    model = onnx.load(source)
    model = finish(model, list(model.graph.node), names) if names else Expander(model).run()
    model.ir_version = min(model.ir_version, 8)
    onnx.save(model, target)


if __name__ == "__main__":
    main()
