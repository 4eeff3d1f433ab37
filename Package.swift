// swift-tools-version: 6.1
import PackageDescription

/// The layers of docs/architecture.md, lowest first.
///
/// A target depends only on layers below its own.
let package = Package(
  name: "Levin",
  products: [
    .library(name: "Levin", targets: ["Levin"]),
    .library(name: "LevinTensorBoard", targets: ["LevinTensorBoard"]),
    .executable(name: "digits", targets: ["digits"]),
    .executable(name: "chexpert", targets: ["chexpert"]),
    .executable(name: "levin", targets: ["levin"]),
    .executable(name: "levin-bench", targets: ["levin-bench"]),
    .executable(name: "levin-conformance", targets: ["levin-conformance"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // 0: C
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CProtobufC", pkgConfig: "libprotobuf-c",
      providers: [.apt(["libprotobuf-c-dev"]), .brew(["protobuf-c"])]),
    .target(name: "CLevinRuntime"),
    .target(name: "CLevinKernels", dependencies: ["CLevinRuntime"]),
    .target(
      name: "CLevinTransfer",
      linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    .target(
      name: "CLevinDeflate",
      linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    .target(
      name: "CLevinJPEG",
      linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    .target(name: "CTensorBoardProtos", dependencies: ["CProtobufC"]),
    .target(name: "COnnxProtos", dependencies: ["CProtobufC"]),
    .target(name: "LevinLibC"),

    // 1: the system
    .target(name: "LevinSystem", dependencies: ["LevinLibC", "CLevinRuntime"]),

    // 2: tensors; bytes; settings
    .target(name: "LevinTensor", dependencies: ["LevinSystem", "CLevinKernels", "CLevinRuntime"]),
    .target(
      name: "LevinFormats",
      dependencies: ["LevinSystem", "CLevinRuntime", "CLevinDeflate", "CLevinJPEG", "CZlib"]),
    .target(name: "LevinConfiguration", dependencies: ["Yams"]),

    // 3: the parts of training
    .target(
      name: "LevinNN",
      dependencies: ["LevinConfiguration", "LevinTensor", "LevinFormats", "LevinSystem"]),
    .target(
      name: "LevinOptimizers", dependencies: ["LevinConfiguration", "LevinTensor", "LevinSystem"]),
    .target(
      name: "LevinData",
      dependencies: ["LevinTensor", "LevinFormats", "LevinSystem", "CLevinKernels"]),
    .target(
      name: "LevinMetrics", dependencies: ["LevinConfiguration", "LevinTensor", "LevinSystem"]),
    .target(
      name: "LevinTensorBoard",
      dependencies: ["LevinFormats", "LevinSystem", "CTensorBoardProtos", "CProtobufC"]),

    // 4: models in ONNX's format; datasets, transforms and models of images; the trainer
    .target(
      name: "LevinONNX",
      dependencies: ["LevinNN", "LevinTensor", "LevinSystem", "COnnxProtos", "CProtobufC"]),
    .target(
      name: "LevinVision",
      dependencies: [
        "LevinNN", "LevinData", "LevinMetrics", "LevinTensor", "LevinFormats", "LevinSystem",
        "CLevinKernels", "CLevinRuntime", "CLevinTransfer",
      ]),
    .target(
      name: "LevinTrainer",
      dependencies: [
        "LevinConfiguration", "LevinTensor", "LevinFormats", "LevinNN", "LevinOptimizers",
        "LevinData", "LevinMetrics", "LevinTensorBoard", "LevinSystem", "CLevinRuntime",
      ]),

    // 5: the command line
    .target(
      name: "LevinCLI",
      dependencies: [
        "LevinTrainer", "LevinONNX", "LevinVision", "LevinConfiguration", "LevinOptimizers",
        "LevinMetrics", "LevinTensorBoard", "LevinFormats", "LevinNN", "LevinTensor", "LevinSystem",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // 6: the umbrella
    .target(
      name: "Levin",
      dependencies: [
        "LevinConfiguration", "LevinTensor", "LevinFormats", "LevinNN", "LevinOptimizers",
        "LevinData", "LevinMetrics", "LevinTensorBoard", "LevinONNX", "LevinVision", "LevinTrainer",
        "LevinCLI", "LevinSystem",
      ]),

    // 7: the tutorial, and what its author did next
    .target(name: "DigitClassifier", dependencies: ["Levin"]),
    .target(name: "ChestXRays", dependencies: ["Levin"]),

    // 8: programs
    .executableTarget(name: "digits", dependencies: ["DigitClassifier", "Levin"]),
    .executableTarget(name: "levin", dependencies: ["DigitClassifier", "Levin"]),
    .executableTarget(
      name: "chexpert",
      dependencies: [
        "ChestXRays", "Levin", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "CLevinBench"),
    .executableTarget(
      name: "levin-conformance",
      dependencies: [
        "LevinConfiguration", "LevinTensor", "LevinFormats", "LevinOptimizers", "LevinSystem",
        "ReferenceBackend",
      ]),
    .executableTarget(
      name: "levin-bench",
      dependencies: [
        "ChestXRays", "DigitClassifier", "Levin", "LevinSystem", "CLevinBench", "CLevinRuntime",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Tests
    .target(
      name: "ReferenceBackend", dependencies: ["LevinTensor", "CLevinKernels"],
      path: "Tests/ReferenceBackend"),
    .target(
      name: "TorchExchange", dependencies: ["LevinNN", "LevinTensor", "LevinFormats"],
      path: "Tests/TorchExchange"),
    .testTarget(name: "CLevinKernelsTests", dependencies: ["CLevinKernels", "CLevinRuntime"]),
    .testTarget(name: "LevinSystemTests", dependencies: ["LevinSystem"]),
    .testTarget(
      name: "LevinTensorTests", dependencies: ["LevinTensor", "LevinFormats", "ReferenceBackend"]),
    .testTarget(
      name: "LevinTensorOutsideTests", dependencies: ["LevinTensor"], packageAccess: false),
    .testTarget(name: "LevinConfigurationTests", dependencies: ["LevinConfiguration"]),
    .testTarget(
      name: "LevinFormatsTests", dependencies: ["LevinFormats", "LevinSystem", "CLevinDeflate"]),
    .testTarget(
      name: "LevinNNTests",
      dependencies: ["LevinNN", "LevinTensor", "LevinFormats", "TorchExchange"]),
    .testTarget(
      name: "LevinOptimizersTests",
      dependencies: ["LevinOptimizers", "LevinTensor", "LevinFormats", "ReferenceBackend"]),
    .testTarget(
      name: "LevinDataTests", dependencies: ["LevinData", "LevinTensor"]),
    .testTarget(
      name: "LevinMetricsTests",
      dependencies: ["LevinConfiguration", "LevinMetrics", "LevinTensor", "LevinFormats"]),
    .testTarget(
      name: "LevinTensorBoardTests",
      dependencies: ["LevinTensorBoard", "CTensorBoardProtos", "CProtobufC"]),
    .executableTarget(
      name: "onnx-exchange", dependencies: ["LevinONNX", "LevinVision", "LevinNN", "LevinTensor"],
      path: "Tests/ONNXExchange"),
    .testTarget(
      name: "LevinONNXTests",
      dependencies: [
        "LevinONNX", "LevinVision", "LevinNN", "LevinTensor", "LevinFormats",
      ]),
    .testTarget(
      name: "LevinVisionTests",
      dependencies: [
        "LevinVision", "LevinNN", "LevinData", "LevinTensor", "LevinFormats", "LevinSystem",
        "TorchExchange",
      ]),
    .testTarget(name: "LevinTrainerTests", dependencies: ["Levin", "TorchExchange"]),
    .testTarget(name: "LevinCLITests", dependencies: ["Levin", "DigitClassifier"]),
    .testTarget(name: "ChestXRaysTests", dependencies: ["Levin", "ChestXRays"]),
    .testTarget(name: "TourTests", dependencies: ["Levin", "DigitClassifier"]),
  ]
)

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]
for target in package.targets where target.type != .system {
  target.swiftSettings = (target.swiftSettings ?? []) + strict
}
