internal import LevinSystem
public import LevinTensor

/// A fold of a cross-validation: the samples to train with, and those to validate with.
public struct Fold<Batch>: Sendable {
  /// All samples but those of `validation`, in order.
  public let training: Subset<Batch>
  /// The fold's own samples, in order; each sample of the dataset is in the validation of one fold.
  public let validation: Subset<Batch>
}

/// Splits a dataset into folds for cross-validation (scikit-learn's `KFold`).
///
///     for fold in foldSplit(dataset, folds: 5, generator: Generator(seed: 1)) {
///       let trainer = try Trainer(maxEpochs: 3)
///       try await trainer.fit(
///         Net(), trainDataLoader: DataLoader(fold.training, batchSize: 32, shuffle: true),
///         validationDataLoader: DataLoader(fold.validation, batchSize: 32))
///     }
///
/// If the samples cannot be shared equally, the first folds have one more.
///
/// - Parameters:
///   - folds: How many; traps unless it is in 2…`dataset.count`.
///   - generator: Used to draw one permutation of the samples; the folds are consecutive samples if nil.
public func foldSplit<Batch>(
  _ dataset: any Dataset<Batch>, folds: Int, generator: Generator? = nil
) -> [Fold<Batch>] {
  check("foldSplit", folds, dataset.count, "samples")
  let order = generator?.permutation(dataset.count) ?? Array(0..<dataset.count)
  let (size, larger) = dataset.count.quotientAndRemainder(dividingBy: folds)
  let inLarger = larger * (size + 1)
  var fold = [Int](repeating: 0, count: dataset.count)
  for (place, index) in order.enumerated() {
    fold[index] = place < inLarger ? place / (size + 1) : larger + (place - inLarger) / size
  }
  return parts(dataset, fold, folds)
}

/// Splits a dataset into folds so that samples of one group are never in two, such as the pictures of one patient
/// (scikit-learn's `GroupKFold`).
///
/// The groups are dealt out from the largest to the smallest, each to the fold with the fewest samples so far.
///
/// - Parameters:
///   - folds: How many; traps unless it is in 2…the number of groups.
///   - groups: The group of each sample.
public func groupedFoldSplit<Batch, Group: Hashable>(
  _ dataset: any Dataset<Batch>, folds: Int, by groups: [Group]
) -> [Fold<Batch>] {
  let members = Members("groupedFoldSplit", groups, dataset.count)
  check("groupedFoldSplit", folds, members.samples.count, "groups")
  var fold = [Int](repeating: 0, count: dataset.count)
  var sizes = [Int](repeating: 0, count: folds)
  for samples in members.samples.sorted(by: { $0.count > $1.count }) {
    let lightest = sizes.indices.min { sizes[$0] < sizes[$1] } ?? 0
    sizes[lightest] += samples.count
    for sample in samples { fold[sample] = lightest }
  }
  return parts(dataset, fold, folds)
}

/// Splits a dataset into folds with nearly the same share of each class (scikit-learn's `StratifiedKFold`).
///
/// - Parameters:
///   - folds: How many; traps unless it is in 2…the number of samples of the smallest class.
///   - labels: The class of each sample.
///   - generator: Used to draw a permutation of each class; if nil, a fold has consecutive samples of each class.
public func stratifiedFoldSplit<Batch, Label: Hashable>(
  _ dataset: any Dataset<Batch>, folds: Int, by labels: [Label], generator: Generator? = nil
) -> [Fold<Batch>] {
  let members = Members("stratifiedFoldSplit", labels, dataset.count)
  check(
    "stratifiedFoldSplit", folds, members.samples.map(\.count).min() ?? 0,
    "samples of the smallest class")
  // The samples, sorted by class, are dealt out one by one; so each fold knows how many of each class it has.
  var counts = members.samples.map { _ in [Int](repeating: 0, count: folds) }
  var place = 0
  for (label, samples) in members.samples.enumerated() {
    for _ in samples {
      counts[label][place % folds] += 1
      place += 1
    }
  }
  var fold = [Int](repeating: 0, count: dataset.count)
  for (label, samples) in members.samples.enumerated() {
    let order = generator?.permutation(samples.count) ?? Array(samples.indices)
    var next = order.makeIterator()
    for (number, count) in counts[label].enumerated() {
      for _ in 0..<count { if let index = next.next() { fold[samples[index]] = number } }
    }
  }
  return parts(dataset, fold, folds)
}

/// The samples of each group, in the order of the groups' first samples.
private struct Members {
  private(set) var samples: [[Int]] = []

  init(_ function: String, _ names: [some Hashable], _ count: Int) {
    checkNames(function, names.count, count)
    var numbers: [AnyHashable: Int] = [:]
    for (sample, name) in names.enumerated() {
      let number = numbers[name] ?? samples.count
      if number == samples.count {
        numbers[name] = number
        samples.append([])
      }
      samples[number].append(sample)
    }
  }
}

private func check(_ function: String, _ folds: Int, _ count: Int, _ things: String) {
  guard folds >= 2 else { fail(function, "\(folds) folds", expected: "2 or more") }
  guard folds <= count else {
    fail(function, "\(folds) folds", expected: "at most \(count), the number of \(things)")
  }
}

private func parts<Batch>(
  _ dataset: any Dataset<Batch>, _ fold: [Int], _ folds: Int
) -> [Fold<Batch>] {
  (0..<folds).map { number in
    Fold(
      training: Subset(dataset, indices: fold.indices.filter { fold[$0] != number }),
      validation: Subset(dataset, indices: fold.indices.filter { fold[$0] == number }))
  }
}
