import Foundation
import LevinTensorBoard

/// `levin-bench read FOLDER…`: how long it takes to read the curves of runs.
enum ReadBenchmark {
  static func run(_ folders: [String]) throws {
    for folder in folders {
      var best = Duration.seconds(1_000_000)
      var points = 0
      for _ in 0..<7 {
        let clock = ContinuousClock()
        let start = clock.now
        let run = try Run(directory: folder)
        best = min(best, clock.now - start)
        points = run.tags.reduce(0) { $0 + $1.count }
      }
      let milliseconds = best / .milliseconds(1)
      let rate = Double(points) / milliseconds / 1000
      print(
        String(
          format: "%@: %ld points in %.1f ms, %.1f million points a second", folder, points,
          milliseconds, rate))
    }
  }
}
