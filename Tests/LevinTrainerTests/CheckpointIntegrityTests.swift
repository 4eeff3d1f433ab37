import Foundation
import Levin
import Testing

extension TrainerTests {
  /// Damage in a checkpoint is reported, wherever it is; a malicious one does not trap.
  @Suite struct CheckpointIntegrityTests {
    /// The bytes of a checkpoint of a small training, written in the middle of an epoch.
    private func checkpoint() async throws -> [UInt8] {
      try await withTemporaryFolder { folder in
        try await Trainer.quiet(root: folder) { $0.maxSteps = 3 }
          .fit(BoringModule(), dataModule: BoringData())
        return try Array(
          Data(
            contentsOf: URL(
              fileURLWithPath: folder
                + "/lightning_logs/version_0/checkpoints/epoch=1-step=3.safetensors")))
      }
    }

    /// The error of reading and resuming from `bytes`; nil if it succeeds.
    private func problem(_ bytes: [UInt8]) async throws -> String? {
      try await withTemporaryFolder { folder in
        let path = folder + "/c.safetensors"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        do {
          try await Trainer.quiet(maxEpochs: 3) { $0.numSanityValSteps = 0 }
            .fit(BoringModule(), dataModule: BoringData(), checkpointPath: path)
          return nil
        } catch {
          return "\(error)".replacingOccurrences(of: path, with: "PATH")
        }
      }
    }

    /// The file with other metadata, and a matching checksum.
    private func changed(
      _ bytes: [UInt8], sealed: Bool = true, _ change: (inout SafetensorsFile) -> Void
    ) throws -> [UInt8] {
      var file = try SafetensorsFile(bytes, path: "")
      change(&file)
      let checksum = String(file.checksum(leavingOut: "levin.checksum"), radix: 16)
      if sealed {
        file.metadata["levin.checksum"] =
          String(repeating: "0", count: 8 - checksum.count) + checksum
      }
      return file.encoded()
    }

    /// Every byte of the header, and every third one of the tensors; a bit of each.
    @Test func aFlippedBitIsRefused() async throws {
      let bytes = try await checkpoint()
      #expect(try await problem(bytes) == nil)
      let whole = try SafetensorsFile(bytes, path: "")
      let header = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
      var (refused, tried) = (0, 0)
      try await withTemporaryFolder { folder in
        let path = folder + "/c.safetensors"
        for place in bytes.indices where place < header || place % 3 == 0 {
          var damaged = bytes
          damaged[place] ^= 1 << (place % 8)
          try Data(damaged).write(to: URL(fileURLWithPath: path))
          tried += 1
          do {
            _ = try Checkpoint(path: path)
            let file = try SafetensorsFile(damaged, path: "")
            // Harmless: the content of the file is still the same.
            #expect(file.metadata == whole.metadata, "byte \(place)")
            #expect(
              Dictionary(uniqueKeysWithValues: file.entries.map { ($0.name, $0.entry) })
                == Dictionary(uniqueKeysWithValues: whole.entries.map { ($0.name, $0.entry) }),
              "byte \(place)")
          } catch {
            refused += 1
          }
        }
      }
      #expect(tried > 2000)
      #expect(tried - refused < 8)
    }

    @Test func whatIsMissingIsNamed() async throws {
      let bytes = try await checkpoint()
      func message(_ change: (inout SafetensorsFile) -> Void) async throws -> String? {
        try await problem(changed(bytes, change))
      }
      for name in [
        "levin.loop", "levin.metrics.training", "levin.metrics.validation",
        "levin.learning_rates",
      ] {
        #expect(
          try await message { $0.metadata[name] = nil }
            == "checkpoint 'PATH' is damaged: '\(name)' is missing. Use another one.")
      }
      #expect(
        try await message { $0.entries.removeAll { $0.name == "levin.random.default" } }
          == "checkpoint 'PATH' is damaged: 'levin.random.default' is missing. Use another one.")
      #expect(
        try await problem(changed(bytes, sealed: false) { $0.metadata["levin.checksum"] = nil })
          == "checkpoint 'PATH' is damaged: 'levin.checksum' is missing. Use another one.")
      #expect(
        try await problem(changed(bytes, sealed: false) { $0.metadata["levin.loop"]?.append(" ") })
          == "checkpoint 'PATH' is damaged: its content does not match its checksum. "
          + "Use another one.")
      #expect(
        try await message { $0.metadata["levin.format"] = nil }
          == "checkpoint 'PATH' is damaged: 'levin.format' is missing beside 'levin.callback."
          + "ModelCheckpoint{'monitor': None, 'mode': 'min', 'every_n_train_steps': 0, 'every_n_epochs': "
          + "1, 'train_time_interval': None}'; to save weights with another program, leave out "
          + "the names that begin with 'levin.'. Use another one.")
      #expect(
        try await message { $0.metadata["levin.format"] = "2" }
          == "checkpoint 'PATH' has the format '2'; this version of Levin reads '1'. Use the "
          + "version that wrote it.")
    }

    @Test func hostileNumbersAreRefused() async throws {
      let bytes = try await checkpoint()
      for name in [
        "epoch", "batchesDone", "totalBatches", "globalStep", "batchesThatStepped",
        "validationBatches", "validatedAt",
      ] {
        for value in ["9223372036854775807", "-1", "9007199254740993", "-9223372036854775808"] {
          let found = try await problem(
            changed(bytes) { file in
              let loop = Data((file.metadata["levin.loop"] ?? "").utf8)
              var fields = try? JSONSerialization.jsonObject(with: loop) as? [String: Any]
              fields?[name] = Int(value)
              let data = try? JSONSerialization.data(withJSONObject: fields ?? [:])
              file.metadata["levin.loop"] = String(decoding: data ?? Data(), as: UTF8.self)
            })
          #expect(
            found
              == "checkpoint 'PATH' is damaged: 'levin.loop' holds the count \(value); expected "
              + "0 to 9007199254740992. Use another one.")
        }
      }
      func replacing(
        _ name: String, _ dtype: String, _ bytes: [UInt8], shape: [Int]? = nil
      ) async throws -> String? {
        try await problem(
          changed(try await checkpoint()) { file in
            guard let index = file.entries.firstIndex(where: { $0.name == name }) else { return }
            file.entries[index].entry = .init(
              dtype: dtype, shape: shape ?? file.entries[index].entry.shape, bytes: bytes)
          })
      }
      let largest: [UInt8] = Array(repeating: 255, count: 7) + [127]
      #expect(
        try await replacing("levin.optimizer.0.0.step", "I64", largest)
          == "checkpoint 'PATH' is damaged: 'levin.optimizer.0.0.step' is 9.223372036854776e+18; "
          + "expected 0 to 9007199254740992. Use another one.")
      #expect(
        try await replacing("levin.optimizer.0.0.step", "F32", [0, 0, 192, 127])
          == "checkpoint 'PATH' is damaged: 'levin.optimizer.0.0.step' is nan; expected 0 to "
          + "9007199254740992. Use another one.")
      #expect(
        try await replacing("levin.optimizer.0.0.exp_avg", "F64", .init(repeating: 0, count: 64))
          == "checkpoint 'PATH': the optimizer's 0.exp_avg has the dtype float64; expected float32")
      #expect(
        try await problem(
          changed(bytes) {
            $0.metadata["levin.loader"] = $0.metadata["levin.loader"]?
              .replacingOccurrences(of: "\"batchIndex\":1", with: "\"batchIndex\":-1")
          })
          == "checkpoint 'PATH' is damaged: 'levin.loader' holds a negative count. Use another one."
      )
    }

    /// Weights that another program saved have no checksum, and need none.
    @Test func foreignWeightsLoad() async throws {
      let bytes = try await checkpoint()
      let weights = try changed(bytes, sealed: false) { file in
        file.entries.removeAll { $0.name.hasPrefix("levin.") }
        file.metadata = ["format": "pt", "epoch": "7"]
      }
      try await withTemporaryFolder { folder in
        let path = folder + "/w.safetensors"
        try Data(weights).write(to: URL(fileURLWithPath: path))
        try BoringModule().loadWeights(from: path)
      }
    }

    @Test func aDamagedTorchFileIsToldFromNonsense() async throws {
      func message(_ bytes: [UInt8], _ name: String) async throws -> String {
        try await withTemporaryFolder { folder in
          let path = folder + "/" + name
          try Data(bytes).write(to: URL(fileURLWithPath: path))
          do {
            try BoringModule().loadWeights(from: path)
            return "no error"
          } catch {
            return "\(error)".replacingOccurrences(of: folder + "/", with: "")
          }
        }
      }
      let zip: [UInt8] = [0x50, 0x4b, 3, 4, 0, 0, 8, 8, 0, 0]
      #expect(
        try await message(zip, "p.ckpt")
          == "p.ckpt: byte 0: not a valid zip archive: the file does not end with an end record; it is cut short, or "
          + "has more bytes behind its end. Copy or download the file again.")
      let raw: [UInt8] = [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20]
      #expect(
        try await message(raw, "p.ckpt")
          == "p.ckpt: a pickle, but none that torch.save wrote. Levin runs nothing; load it in Python only if you trust "
          + "it, and save the tensors as safetensors.")
      #expect(
        try await message(Array("epoch: 3, loss: 0.1".utf8), "notes.txt")
          == "notes.txt: not a safetensors file: byte 8 is not '{', which begins the header.")
      #expect(throws: CheckpointError.missing(path: "nope")) {
        try BoringModule().loadWeights(from: "nope")
      }
      #expect(
        CheckpointError.missing(path: "nope").description
          == "checkpoint 'nope': there is no such file. Check the path.")
    }
  }
}
