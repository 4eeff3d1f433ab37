import LevinTensorBoard
import Testing

/// Figures as TensorBoard's Images tab shows them: 350 pixels wide.
@Suite struct FigureTests {
  /// Gray values of the picture at 350 pixels' width, each the mean of what it covers.
  private func seen(_ figure: Figure) -> [[Double]] {
    let image = figure.image
    let factor = Double(image.width) / 350
    func mean(_ x: Int, _ y: Int) -> Double {
      let columns =
        Int(Double(x) * factor)..<max(Int(Double(x + 1) * factor), Int(Double(x) * factor) + 1)
      let rows =
        Int(Double(y) * factor)..<max(Int(Double(y + 1) * factor), Int(Double(y) * factor) + 1)
      var sum = 0
      for row in rows {
        for column in columns { sum += Int(image.pixels[(row * image.width + column) * 3]) }
      }
      return Double(sum) / Double(rows.count * columns.count)
    }
    return (0..<Int(Double(image.height) / factor)).map { y in (0..<350).map { mean($0, y) } }
  }

  /// Heights of the labels at the left edge, from the top, below the head of the figure.
  private func labels(_ seen: [[Double]], left columns: Int) -> (heights: [Int], darkest: Double) {
    var heights: [Int] = []
    var isInk = false
    for row in seen[39..<seen.count - 22] {
      let hasInk = row[..<columns].contains { $0 < 190 }
      if hasInk {
        heights = isInk ? heights.dropLast() + [heights[heights.count - 1] + 1] : heights + [1]
      }
      isInk = hasInk
    }
    return (heights, seen[39..<seen.count - 22].flatMap { $0[..<columns] }.min() ?? 255)
  }

  @Test func aConfusionMatrixCanBeRead() {
    let classes = (0..<10).map(String.init)
    let truth = (0..<5000).map { $0 % 10 }
    let figure = Figure.confusionMatrix(labels: truth, predictions: truth, classes: classes)
    let (heights, darkest) = labels(seen(figure), left: 12)
    #expect(heights.count == 10)
    #expect(heights.allSatisfy { (7...12).contains($0) }, "\(heights)")
    #expect(darkest < 125)
  }

  @Test(arguments: [(640, 480), (1280, 960), (350, 260)]) func linesCanBeRead(
    width: Int, height: Int
  ) {
    let figure = Figure(
      .lines([.init("a", [0, 3, 1]), .init("b", [2, 1, 2])]), title: "Title", xLabel: "x",
      yLabel: "y", size: (width, height))
    let (heights, darkest) = labels(seen(figure), left: 13)
    #expect(heights.count >= 3)
    #expect(heights.allSatisfy { (7...12).contains($0) }, "\(heights)")
    #expect(darkest < 125)
  }

  /// Names that are wider than their columns are rotated, each below its own column.
  @Test func longNamesDoNotRunIntoOneAnother() {
    let names = [
      "aeroplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "boat", "truck",
    ]
    let picture = seen(Figure(.bars(labels: names, values: names.map { _ in 1 })))
    // Right below the bars: ink in ten groups of columns, white between.
    let band = picture[(picture.count - 78)..<(picture.count - 64)]
    let columns = (0..<350).map { x in band.contains { $0[x] < 190 } }
    let groups = zip(columns, [false] + columns).count { $0 && !$1 }
    #expect(groups == 10)
  }

  /// All kinds at all sizes, even with nothing to show, are drawn without a trap.
  @Test func extremes() {
    let contents: [Figure.Content] = [
      .lines([]), .scatter([.init("", [.nan])]), .bars(labels: [], values: []),
      .bars(labels: ["a very long name of a class that fits nowhere"], values: [.infinity]),
      .heatmap([], rows: [], columns: []), .heatmap([[.nan]], rows: [""], columns: ["x"]),
      .lines([.init("n", x: [-1e300, 1e300], y: [1e300, -1e300])]),
    ]
    for content in contents {
      for size in [(1, 1), (160, 4000), (4000, 160)] {
        let figure = Figure(content, title: "t", xLabel: "x", yLabel: "y", size: size)
        #expect(figure.image.width == max(160, size.0))
      }
    }
  }
}
