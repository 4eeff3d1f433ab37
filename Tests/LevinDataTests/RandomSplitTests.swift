import LevinData
import LevinTensor
import Testing

@Suite(.serialized) struct RandomSplitTests {
  private let golden: [String: Value]

  /// Either one list of indices or one for each part.
  enum Value: Decodable {
    case list([Int]), lists([[Int]])
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let lists = try? container.decode([[Int]].self) {
        self = .lists(lists)
      } else {
        self = .list(try container.decode([Int].self))
      }
    }
    var lists: [[Int]] { if case .lists(let lists) = self { lists } else { [] } }
    var list: [Int] { if case .list(let list) = self { list } else { [] } }
  }

  init() throws { golden = try Golden.load("splits.json", as: [String: Value].self) }

  private func numbers(_ count: Int) -> NumbersDataset { NumbersDataset(count: count) }

  @Test func sizesSplitAsPyTorchSplits() throws {
    let parts = randomSplit(numbers(10), [7, 3], generator: Generator(seed: 0))
    #expect(parts.map(\.indices) == golden["count10_seed0"]?.lists)
  }

  @Test func theTutorialsSplitIsPyTorchs() throws {
    let parts = randomSplit(numbers(60000), [48000, 12000], generator: Generator(seed: 42))
    #expect(parts.flatMap { $0.indices.prefix(16) } == golden["mnist_first"]?.list)
    #expect(parts.flatMap { $0.indices.suffix(16) } == golden["mnist_last"]?.list)
    #expect(Set(parts.flatMap(\.indices)).count == 60000)
  }

  @Test func fractionsSplitAsPyTorchSplits() throws {
    let quarters = randomSplit(
      numbers(11), fractions: [0.5, 0.25, 0.25], generator: Generator(seed: 5))
    #expect(quarters.map(\.indices) == golden["count11_fractions_seed5"]?.lists)
    let tenths = randomSplit(
      numbers(10), fractions: [0.1, 0.2, 0.7], generator: Generator(seed: 6))
    #expect(tenths.map(\.indices) == golden["count10_fractions_seed6"]?.lists)
  }

  @Test func aSplitOfASplitRefersToTheInnermostDataset() throws {
    let outer = randomSplit(numbers(20), [15, 5], generator: Generator(seed: 1))
    let parts = randomSplit(outer[0], [5, 10], generator: Generator(seed: 2))
    #expect(parts.map(\.indices) == golden["count20_nested"]?.lists)
    #expect(parts.allSatisfy { $0.dataset is NumbersDataset })
    #expect(try parts[0].batch(at: [1, 4]) == [parts[0].indices[1], parts[0].indices[4]])
  }

  @Test func sizesThatDoNotSumTrap() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = randomSplit(NumbersDataset(count: 10), [7, 4], generator: Generator(seed: 0)) }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      text.contains(
        "randomSplit: found sizes [7, 4], which sum to 11; expected sizes of 0 or more that sum to the dataset's 10 samples"
      ))
  }

  @Test func sizesBeyondAllNumbersTrapWithTheSameWords() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = randomSplit(NumbersDataset(count: 10), [.max, .max]) }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("which sum to too much; expected"))
  }
}
