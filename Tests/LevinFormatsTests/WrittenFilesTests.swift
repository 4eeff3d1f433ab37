import Foundation
import LevinFormats
import LevinSystem
import Testing

/// The files that Levin writes are committed, byte for byte; Tests/EndToEnd/test_torch_files.py opens them with torch,
/// Lightning, numpy and safetensors.
///
/// `LEVIN_UPDATE_GOLDEN=1 swift test --filter WrittenFilesTests` writes them anew.
@Suite struct WrittenFilesTests {
  /// The same elements in every file: (0…5 - 2) / 2 where the type has them, otherwise 0, 1, 1, 0, 1, 0.
  private static func source(_ name: String, _ type: TensorFile.ElementType) -> TensorFile.Source {
    let bytes: [UInt8] = (0..<6).flatMap { index -> [UInt8] in
      let value = (Float(index) - 2) / 2
      let bit = [0, 1, 1, 0, 1, 0][index]
      switch type {
      case .float32: return Zipper.little(value.bitPattern)
      case .float64: return Zipper.little(Double(value).bitPattern)
      case .float16, .bfloat16:
        let bits = type == .bfloat16 ? value.bitPattern >> 16 : half[index]
        return Zipper.little(UInt16(bits))
      case .complex64: return Zipper.little(value.bitPattern) + Zipper.little(Float(1).bitPattern)
      default: return [UInt8(bit)] + [UInt8](repeating: 0, count: type.bitCount / 8 - 1)
      }
    }
    return TensorFile.Source(name, type, shape: [2, 3], bytes: bytes)
  }
  /// -1, -0.5, 0, 0.5, 1, 1.5 as float16.
  private static let half: [UInt32] = [0xbc00, 0xb800, 0, 0x3800, 0x3c00, 0x3e00]

  private static func sources(_ types: [TensorFile.ElementType]) -> [TensorFile.Source] {
    types.map { source($0.name, $0) } + [
      .init("scalar", .float32, shape: [], bytes: Zipper.little(Float(2.5).bitPattern)),
      .init("empty", .int64, shape: [0, 3], bytes: []),
    ]
  }
  private static let plain: [TensorFile.ElementType] = [
    .bool, .uint8, .int8, .int16, .int32, .int64, .float16, .bfloat16, .float32, .float64,
    .complex64,
  ]
  private static let unsigned: [TensorFile.ElementType] = [.uint16, .uint32, .uint64]

  /// Linear(3, 2) with Adam after one epoch of four batches, or in the middle of the second.
  private static func checkpoint(batchesDone: Int) -> LightningCheckpoint {
    func floats(_ name: String, _ shape: [Int], _ first: Float) -> TensorFile.Source {
      TensorFile.Source(
        name, .float32, shape: shape,
        bytes: (0..<shape.reduce(1, *)).flatMap {
          Zipper.little((first + Float($0) / 8).bitPattern)
        })
    }
    let shapes = [[2, 3], [2]]
    var checkpoint = LightningCheckpoint()
    checkpoint.weights = [
      floats("net.weight", shapes[0], -0.25), floats("net.bias", shapes[1], 0.5),
    ]
    var progress = LightningCheckpoint.Progress()
    progress.finishedEpochs = 1
    progress.batchesPerEpoch = 4
    progress.batchesDone = batchesDone
    progress.totalBatches = 4 + batchesDone
    progress.globalStep = 4 + batchesDone
    progress.validationBatches = 2
    checkpoint.progress = progress
    let states = shapes.enumerated().map { index, shape -> (key: TorchValue, value: TorchValue) in
      (
        .int(index),
        [
          "step": .tensor(floats("", [], Float(4 + batchesDone))),
          "exp_avg": .tensor(floats("", shape, 0.125)),
          "exp_avg_sq": .tensor(floats("", shape, 0.0625)),
        ]
      )
    }
    checkpoint.optimizers = [
      [
        "state": .dictionary(states),
        "param_groups": [
          [
            "lr": 0.005, "betas": .tuple([0.9, 0.999]), "eps": 1e-8, "weight_decay": 0,
            "amsgrad": false, "maximize": false, "foreach": nil, "capturable": false,
            "differentiable": false, "fused": nil, "decoupled_weight_decay": false,
            "initial_lr": 0.01, "params": [0, 1],
          ]
        ],
      ]
    ]
    checkpoint.schedulers = [
      [
        "step_size": 1, "gamma": 0.5, "base_lrs": [0.01], "last_epoch": 1, "_step_count": 2,
        "_is_initial": false, "_get_lr_called_within_step": false, "_last_lr": [0.005],
      ]
    ]
    checkpoint.callbacks = [
      (
        LightningCheckpoint.callbackKey(
          "EarlyStopping", [("monitor", "val/loss"), ("mode", "min")]),
        [
          "wait_count": 1, "stopped_epoch": 0, "best_score": .tensor(floats("", [], 2)),
          "patience": 3,
        ]
      )
    ]
    checkpoint.hyperparameters = ["width": 3]
    checkpoint.extra = [("levin_version", "0.1.0")]
    return checkpoint
  }

  private static let files: [(name: String, write: @Sendable (String) throws -> Void)] = [
    ("types.pt", { try TensorFile.write(sources(plain), to: $0) }),
    ("types.npz", { try TensorFile.write(sources(plain + unsigned), to: $0) }),
    (
      "types.safetensors",
      { path in
        let narrow: [TensorFile.ElementType] = [
          .float8E4M3, .float8E5M2, .float8E8M0, .float8E4M3FNUZ, .float8E5M2FNUZ,
        ]
        try TensorFile.write(
          sources(plain + unsigned + narrow), to: path, metadata: ["format": "pt"])
      }
    ),
    ("array.npy", { try TensorFile.write([source("x", .float64)], to: $0) }),
    (
      "tree.pt",
      { path in
        let tied = TensorFile.Source("w", .float32, shape: [2, 3], identity: "w") {
          try source("w", .float32).copy().withUnsafeBytes($0)
        }
        try TorchFile.write(
          [
            "none": nil, "flags": [true, false],
            "ints": [0, 255, 256, 65535, 65536, -1, 128, -129, .int(.max), .int(.min)],
            "doubles": [0.1, -0.0, .double(.infinity)], "text": "é\n\u{1F600}", "empty": [:],
            "tuple": .tuple([1, .tuple([])]), "nested": ["a": [["b": 2]]],
            "by_number": .dictionary([(key: 7, value: "seven")]),
            "tied": .orderedDictionary([("a", .tensor(tied)), ("b", .tensor(tied))]),
          ], to: path)
      }
    ),
    ("epoch.ckpt", { try TorchFile.write(checkpoint(batchesDone: 0).value, to: $0) }),
    ("middle.ckpt", { try TorchFile.write(checkpoint(batchesDone: 2).value, to: $0) }),
  ]

  @Test(arguments: files.map(\.name))
  func bytesAreThoseThatOthersRead(name: String) throws {
    let golden = GoldenFile.path(name, in: "written")
    let write = try #require(Self.files.first { $0.name == name }).write
    if ProcessInfo.processInfo.environment["LEVIN_UPDATE_GOLDEN"] == "1" {
      try FileBytes.makeFolder(FileSystem.folder(of: golden))
      try write(golden)
    }
    try withFolder { folder in
      try write(folder + "/" + name)
      #expect(try FileBytes.read(folder + "/" + name) == FileBytes.read(golden))
    }
  }

  /// The counters are those that Lightning itself writes in the same places.
  @Test func countersAreLightnings() throws {
    for (name, progress) in [
      ("lightning.ckpt", (finished: 2, done: 0, total: 8, validated: 2)),
      ("middle.ckpt", (finished: 0, done: 3, total: 3, validated: 0)),
    ] {
      let theirs = try #require(
        TensorFile(path: GoldenFile.path(name, in: "torch")).content?["loops"]?["fit_loop"])
      var checkpoint = LightningCheckpoint()
      var own = LightningCheckpoint.Progress()
      (own.finishedEpochs, own.batchesDone, own.totalBatches, own.globalStep) = (
        progress.finished, progress.done, progress.total, progress.total
      )
      own.batchesPerEpoch = 4
      own.validationBatches = progress.validated
      checkpoint.progress = own
      try withFolder { folder in
        try TorchFile.write(checkpoint.value, to: folder + "/a.ckpt")
        checkpoint.weights = [Self.source("w", .float32)]
        try TorchFile.write(checkpoint.value, to: folder + "/a.ckpt")
        let file = try TensorFile(path: folder + "/a.ckpt")
        let ours = try #require(file.content?["loops"]?["fit_loop"])
        for (key, value) in try #require(theirs.pairs) {
          let key = try #require(key.text)
          // Lightning's own scheduler has not been stepped in the middle of the first epoch.
          if key == "epoch_loop.scheduler_progress", progress.finished == 0 { continue }
          #expect(ours[key].map { "\($0)" } == "\(value)", "\(name) \(key)")
        }
      }
    }
  }

  @Test func keysOfCallbacksArePythons() {
    #expect(
      LightningCheckpoint.callbackKey(
        "ModelCheckpoint",
        [
          ("monitor", "it's"), ("mode", "min"), ("every_n_train_steps", 0), ("x", .tuple([0.5])),
          ("train_time_interval", nil), ("on", true),
        ])
        == #"ModelCheckpoint{'monitor': "it's", 'mode': 'min', 'every_n_train_steps': 0, 'x': (0.5,), "#
        + "'train_time_interval': None, 'on': True}")
  }
}
