import Foundation
import Levin
import Testing

/// Batches of chest X-rays.
@Suite struct DatasetTests {
  private let transform = Compose(Resize(.exactly(height: 32, width: 32)), ToTensor())

  @Test(arguments: [0, 2]) func damagedFilesAreNamedOrSkipped(workerCount: Int) throws {
    try withTemporaryFolder { folder in
      let contents = try ChestXRayMiniature(patientCount: 12, damagedCount: 5)
        .write(to: folder)
      let list = try CheXpert.images(root: folder, part: .train)
      let damaged = list.images.indices.filter { contents.damaged.contains(list.images[$0].path) }
      #expect(damaged.count == 5)

      let strict = ChestXRayDataset(list, transform: transform)
      let pass = DataLoader(strict, batchSize: 4, workerCount: workerCount).makeIterator()
      while pass.next() != nil {}
      let text = try #require(pass.failure.map { "\($0)" })
      #expect(text.hasPrefix("sample \(damaged[0]): \(list.images[damaged[0]].path): byte "))

      let loose = ChestXRayDataset(list, transform: transform, damaged: .skip)
      var studies: [Int64] = []
      for _ in 0..<2 {
        studies = []
        let pass = DataLoader(loose, batchSize: 4, workerCount: workerCount).makeIterator()
        while let batch = pass.next() {
          #expect(batch.images.shape[0] == batch.labels.shape[0])
          #expect(batch.images.shape[0] == batch.studies.shape[0])
          studies += batch.studies.scalars(as: Int64.self)
        }
        #expect(pass.failure == nil)
      }
      let kept = list.images.indices.filter { !damaged.contains($0) }
      #expect(studies == kept.map { Int64(loose.studies[$0]) })
      // Each once, in spite of two passes.
      #expect(Set(loose.skipped.map(\.path)) == Set(contents.damaged))
      #expect(loose.skipped.count == 5)
      let reasons = loose.skipped.map { "\($0)" }.joined(separator: "\n")
      for reason in ["cut short", "an empty file", "neither JPEG nor PNG", "No such file"] {
        #expect(reasons.contains(reason), "\(reasons)")
      }
      // A batch of nothing else is an error.
      #expect(message { _ = try loose.batch(at: [damaged[0]]) } == text)
      // The first one is cut in half.
      let partial = ChestXRayDataset(list, transform: transform, damaged: .partial)
      #expect(try partial.batch(at: [damaged[0]]).images.shape == [1, 1, 32, 32])
      #expect(message { _ = try partial.batch(at: [damaged[1]]) }.contains("an empty file"))
    }
  }

  struct Training: Decodable { let augmented: [String] }

  /// Crops, turns and shifts of PyTorch's loader from the same seed.
  @Test func augmentedPicturesAreTorchvisions() throws {
    let facts = try Golden.load("training", as: Training.self)
    let list = try CheXpert.images(root: Miniature.root, part: .train)
    let dataset = ChestXRayDataset(
      list,
      transform: Compose(
        Resize(.exactly(height: 64, width: 64)),
        RandomAffine(
          degrees: -10...10, translate: (0.05, 0.05), scale: 0.95...1.05, interpolation: .bilinear)
      ))
    seedEverything(42)
    let loader = DataLoader(dataset, batchSize: 16, shuffle: true, draws: .torch)
    var found: [String] = []
    for _ in 0..<2 {
      for batch in loader {
        let bytes = batch.images.to(.uint8).scalars(as: UInt8.self)
        found.append(SHA256.hexadecimal(of: bytes))
      }
    }
    #expect(found == facts.augmented)
  }

  @Test func memoryIsFlatOverPasses() throws {
    let list = try CheXpert.images(root: Miniature.root, part: .train)
    let dataset = ChestXRayDataset(list, transform: transform)
    let loader = DataLoader(dataset, batchSize: 4, shuffle: true, workerCount: 4)
    let batchBytes = 4 * 32 * 32 * 4
    let before = Tensor.memoryInUse
    Tensor.resetPeakMemoryInUse()
    for _ in 0..<4 {
      var count = 0
      for batch in loader { count += batch.images.shape[0] }
      #expect(count == list.count)
      #expect(Tensor.memoryInUse == before)
    }
    // Four workers are two batches ahead each; one is in use, and each worker may be making another.
    #expect(Tensor.peakMemoryInUse - before < 16 * batchBytes)
  }

  @Test func theFingerprintDependsOnLabelsAndNotOnTheFolder() throws {
    func fingerprint(_ list: ChestXRayList) -> String? {
      ChestXRayDataset(list, transform: transform).fingerprint
    }
    let list = try CheXpert.images(root: Miniature.root, part: .validation)
    var moved = list.images
    for place in moved.indices {
      moved[place].path = moved[place].path.replacing(Miniature.root, with: "/elsewhere")
    }
    #expect(fingerprint(ChestXRayList(moved)) == fingerprint(list))
    moved[3].labels[4] = .uncertain
    #expect(fingerprint(ChestXRayList(moved)) != fingerprint(list))
  }
}
