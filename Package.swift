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
    .executable(name: "levin", targets: ["levin"]),
    .executable(name: "levin-bench", targets: ["levin-bench"]),
    .executable(name: "levin-conformance", targets: ["levin-conformance"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
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
    .target(name: "CTensorBoardProtos", dependencies: ["CProtobufC"]),

    // 1: tensors; bytes
    .target(name: "LevinTensor", dependencies: ["CLevinKernels", "CLevinRuntime"]),
    .target(name: "LevinFormats", dependencies: ["CLevinRuntime", "CZlib"]),

    // 2: what training is made of
    .target(name: "LevinNN", dependencies: ["LevinTensor"]),
    .target(name: "LevinOptimizers", dependencies: ["LevinTensor"]),
    .target(
      name: "LevinData",
      dependencies: [
        "LevinTensor", "LevinFormats", "CLevinKernels", "CLevinRuntime", "CLevinTransfer",
      ]),
    .target(name: "LevinMetrics", dependencies: ["LevinTensor"]),
    .target(
      name: "LevinTensorBoard",
      dependencies: ["LevinFormats", "CTensorBoardProtos", "CProtobufC"]),

    // 3: the trainer
    .target(
      name: "LevinTrainer",
      dependencies: [
        "LevinTensor", "LevinFormats", "LevinNN", "LevinOptimizers", "LevinData", "LevinMetrics",
        "LevinTensorBoard", "CLevinRuntime", "Yams",
        .product(name: "Logging", package: "swift-log"),
      ]),

    // 4: the command line
    .target(
      name: "LevinCLI",
      dependencies: [
        "LevinTrainer", "LevinTensorBoard", "LevinFormats", "LevinTensor", "LevinData",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // 5: the umbrella
    .target(
      name: "Levin",
      dependencies: [
        "LevinTensor", "LevinFormats", "LevinNN", "LevinOptimizers", "LevinData", "LevinMetrics",
        "LevinTensorBoard", "LevinTrainer", "LevinCLI",
      ]),

    // 6: the tutorial
    .target(name: "DigitClassifier", dependencies: ["Levin"]),

    // 7: programs
    .executableTarget(name: "digits", dependencies: ["DigitClassifier", "Levin"]),
    .executableTarget(name: "levin", dependencies: ["DigitClassifier", "Levin"]),
    .target(name: "CLevinBench"),
    .executableTarget(
      name: "levin-conformance", dependencies: ["LevinTensor", "LevinFormats", "ReferenceBackend"]),
    .executableTarget(
      name: "levin-bench",
      dependencies: [
        "DigitClassifier", "Levin", "CLevinBench", "CLevinKernels", "CLevinRuntime",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Tests
    .target(
      name: "ReferenceBackend", dependencies: ["LevinTensor", "CLevinKernels"],
      path: "Tests/ReferenceBackend"),
    .testTarget(name: "CLevinKernelsTests", dependencies: ["CLevinKernels", "CLevinRuntime"]),
    .testTarget(
      name: "LevinTensorTests", dependencies: ["LevinTensor", "LevinFormats", "ReferenceBackend"]),
    .testTarget(name: "LevinFormatsTests", dependencies: ["LevinFormats"]),
    .testTarget(
      name: "LevinNNTests", dependencies: ["LevinNN", "LevinTensor", "LevinFormats"]),
    .testTarget(
      name: "LevinOptimizersTests",
      dependencies: ["LevinOptimizers", "LevinTensor", "ReferenceBackend"]),
    .testTarget(
      name: "LevinDataTests", dependencies: ["LevinData", "LevinTensor", "LevinFormats"]),
    .testTarget(name: "LevinMetricsTests", dependencies: ["LevinMetrics", "LevinTensor"]),
    .testTarget(
      name: "LevinTensorBoardTests",
      dependencies: ["LevinTensorBoard", "LevinFormats", "CTensorBoardProtos", "CProtobufC"]),
    .testTarget(name: "LevinTrainerTests", dependencies: ["Levin"]),
    .testTarget(name: "LevinCLITests", dependencies: ["Levin", "DigitClassifier"]),
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
