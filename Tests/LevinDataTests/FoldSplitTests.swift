import LevinData
import LevinTensor
import Testing

@Suite struct FoldSplitTests {
  private let golden: [String: [[Int]]]

  init() throws { golden = try Golden.load("folds.json", as: [String: [[Int]]].self) }

  /// The labels of the golden data, and a dataset of as many samples.
  private let labels =
    [Int](repeating: 0, count: 11)
    + (0..<5).flatMap { _ in [1, 2, 1, 0, 2, 1] } + [2, 2, 2]
  private func numbers(_ count: Int) -> NumbersDataset { NumbersDataset(count: count) }

  @Test func foldsAreThoseOfScikitLearn() {
    #expect(foldSplit(numbers(14), folds: 4).map(\.validation.indices) == golden["kfold"])
    let stratified = stratifiedFoldSplit(numbers(44), folds: 5, by: labels)
    #expect(stratified.map(\.validation.indices) == golden["stratified"])
    let groups = [9, 2, 4, 7, 1, 5, 3, 6].enumerated().flatMap { group, count in
      [Int](repeating: group, count: count)
    }
    let grouped = groupedFoldSplit(numbers(37), folds: 3, by: groups)
    #expect(grouped.map(\.validation.indices) == golden["grouped"])
  }

  @Test func aFoldTrainsWithAllOthers() {
    for fold in foldSplit(numbers(14), folds: 4, generator: Generator(seed: 1)) {
      #expect((fold.training.indices + fold.validation.indices).sorted() == Array(0..<14))
      #expect(fold.training.indices == fold.training.indices.sorted())
    }
  }

  @Test func aGeneratorMixesTheSamplesAndKeepsTheShares() {
    let mixed = foldSplit(numbers(14), folds: 4, generator: Generator(seed: 1))
    // The first four of torch's permutation of 14 from seed 1.
    let order = Generator(seed: 1).permutation(14)
    #expect(mixed[0].validation.indices == order.prefix(4).sorted())
    let folds = stratifiedFoldSplit(
      numbers(44), folds: 5, by: labels, generator: Generator(seed: 1))
    func shares(_ folds: [[Int]]?) -> [[Int]] {
      (folds ?? []).map { fold in (0..<3).map { label in fold.count { labels[$0] == label } } }
    }
    let found = folds.map(\.validation.indices)
    #expect(shares(found) == shares(golden["stratified"]))
    #expect(found.flatMap { $0 }.sorted() == Array(0..<44))
    #expect(found != golden["stratified"])
  }

  @Test func foldsThatCannotBeMadeTrap() async {
    let one = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = foldSplit(NumbersDataset(count: 10), folds: 1) }
    let text = String(decoding: one?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("foldSplit: found 1 folds; expected 2 or more"))
    let rare = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = stratifiedFoldSplit(NumbersDataset(count: 4), folds: 2, by: [0, 0, 0, 1]) }
    let rareText = String(decoding: rare?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      rareText.contains(
        "found 2 folds; expected at most 1, the number of samples of the smallest class"))
  }
}
