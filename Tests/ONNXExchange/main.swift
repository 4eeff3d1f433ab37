import LevinTensor

// Exports every layer and model family into a folder, with inputs and what Levin computes from them:
// Tests/EndToEnd/test_onnx.py compares that with onnxruntime.

let folder = CommandLine.arguments[1]
seedEverything(42)
let cases = layerCases.map { $0.randomized() } + modelCases
for one in cases {
  do {
    try one.write(to: folder)
  } catch {
    print("\(one.name): \(error)")
  }
}
print("\(cases.count) models")
