import Foundation
import LevinData
import LevinFormats
import LevinSystem
import LevinTensor
import LevinVision
import Testing

/// The memory that epochs of pictures need, each in a process of its own, whose peak nothing else affects.
@Suite struct DataMemoryTests {
  /// A set of one JPEG file read again and again, of `side`×`side` pixels, and the images of which `crop` remains.
  static func images(
    _ side: Int, count: Int, crop: Int, in folder: String
  ) throws -> ImageList<Int> {
    let path = folder + "/flat.jpg"
    let bytes = [UInt8](repeating: 90, count: side * side)
    try Data(JPEG.encode(Picture(width: side, height: side, channels: 1, bytes: bytes)))
      .write(to: URL(filePath: path))
    return ImageList(
      paths: [String](repeating: path, count: count), targets: Array(0..<count),
      transform: Compose(CenterCrop(.exactly(height: crop, width: crop)), ToTensor()), mode: .gray)
  }

  #if os(Linux)
    @Test func picturesOfTwoGigabytesNeedLessThanHalfOfOne() async {
      await #expect(processExitsWith: .success) {
        try withTemporaryFolder { folder in
          let set = try DataMemoryTests.images(8192, count: 32, crop: 24, in: folder)
          var limit = rlimit(rlim_cur: 512 << 20, rlim_max: 512 << 20)
          #expect(setrlimit(Int32(RLIMIT_DATA.rawValue), &limit) == 0)
          var count = 0
          for batch in DataLoader(set, batchSize: 4, workerCount: 2) {
            #expect(batch.images.shape == [4, 1, 24, 24])
            count += batch.images.shape[0]
          }
          #expect(count == 32)
          #expect(try #require(CurrentProcess.peakMemory) < 512 << 20)
        }
      }
    }
  #endif

  @Test func eightWorkersNeedNoMoreInTheTenthEpoch() async {
    await #expect(processExitsWith: .success) {
      try withTemporaryFolder { folder in
        // An epoch decodes 48 MB, and the batches of all epochs together have 18 MB.
        let set = try DataMemoryTests.images(1000, count: 48, crop: 100, in: folder)
        for isPersistent in [false, true] {
          let loader = DataLoader(
            set, batchSize: 4, shuffle: true, workerCount: 8, persistentWorkers: isPersistent)
          var peaks: [Int] = []
          let before = Tensor.memoryInUse
          for _ in 0..<10 {
            #expect(loader.reduce(0) { $0 + $1.images.shape[0] } == 48)
            peaks.append(try #require(CurrentProcess.peakMemory))
            #expect(Tensor.memoryInUse == before)
          }
          // In the first epochs threads and allocators take what they need.
          #expect(peaks[9] - peaks[2] < 12 << 20, "\(peaks)")
        }
      }
    }
  }
}
