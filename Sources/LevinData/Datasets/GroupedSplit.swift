internal import LevinSystem
public import LevinTensor

/// Splits a dataset into random parts so that samples of one group are never in two parts, such as the pictures of one
/// patient.
///
/// The groups, in the order of their first sample, are split as ``randomSplit(_:fractions:generator:)`` splits samples;
/// so the parts have the fractions of the groups, and nearly those of the samples. In each part samples stay in order.
///
/// - Parameters:
///   - groups: The group of each sample.
///   - fractions: The parts' shares of the groups; traps unless they are in 0…1 and sum to 1.
///   - generator: Used to draw one permutation; the default generator if nil.
public func groupedSplit<Batch, Group: Hashable>(
  _ dataset: any Dataset<Batch>, by groups: [Group], fractions: [Double],
  generator: Generator? = nil
) -> [Subset<Batch>] {
  checkNames("groupedSplit", groups.count, dataset.count)
  var numbers: [Group: Int] = [:]
  let group = groups.map { name in
    let number = numbers[name] ?? numbers.count
    numbers[name] = number
    return number
  }
  let sizes = partSizes("groupedSplit", of: numbers.count, fractions: fractions)
  let permutation = (generator ?? .default).permutation(numbers.count)
  var part = [Int](repeating: 0, count: numbers.count)
  var start = 0
  for (index, size) in sizes.enumerated() {
    for place in permutation[start..<start + size] { part[place] = index }
    start += size
  }
  return fractions.indices.map { index in
    Subset(dataset, indices: group.indices.filter { part[group[$0]] == index })
  }
}

/// Splits a dataset into random parts with nearly the same share of each class.
///
/// The samples of each class, in the order of the classes' first samples, are permuted and dealt out; whole numbers are
/// rounded down, and the samples left over go to the parts that lack most, counted over all classes so far. In each
/// part samples stay in order.
///
/// - Parameters:
///   - labels: The class of each sample.
///   - fractions: The parts' shares; traps unless they are in 0…1 and sum to 1.
///   - generator: Used to draw one permutation for each class; the default generator if nil.
public func stratifiedSplit<Batch, Label: Hashable>(
  _ dataset: any Dataset<Batch>, by labels: [Label], fractions: [Double],
  generator: Generator? = nil
) -> [Subset<Batch>] {
  checkNames("stratifiedSplit", labels.count, dataset.count)
  var members: [Label: [Int]] = [:]
  var classes: [Label] = []
  for (index, label) in labels.enumerated() {
    if members[label] == nil { classes.append(label) }
    members[label, default: []].append(index)
  }
  checkFractions("stratifiedSplit", fractions)
  var parts = [[Int]](repeating: [], count: fractions.count)
  var seen = 0
  for label in classes {
    let own = members[label] ?? []
    seen += own.count
    var sizes = fractions.map { Int((Double(own.count) * $0 + 1e-9).rounded(.down)) }
    while sizes.reduce(0, +) < own.count {
      let lacks = fractions.indices.map { part in
        Double(seen) * fractions[part] - Double(parts[part].count + sizes[part])
      }
      let most = fractions.indices.max { lacks[$0] < lacks[$1] } ?? 0
      sizes[most] += 1
    }
    let permutation = (generator ?? .default).permutation(own.count)
    var start = 0
    for (part, size) in sizes.enumerated() {
      parts[part] += permutation[start..<start + size].map { own[$0] }
      start += size
    }
  }
  return parts.map { Subset(dataset, indices: $0.sorted()) }
}

func checkNames(_ function: String, _ found: Int, _ count: Int) {
  guard found == count else {
    fail(function, "\(found) names", expected: "one for each of the \(count) samples")
  }
}
