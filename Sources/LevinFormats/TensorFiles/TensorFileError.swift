/// What is wrong with a file of tensors, and where.
public struct TensorFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file that was read.
  public let path: String
  /// The byte of the file at which the problem was found; nil if it is no single place.
  public let offset: Int?
  /// What was found, and what was expected.
  public let problem: String
  /// What to do; nil if the problem says it.
  public let advice: String?

  init(_ path: String, at offset: Int? = nil, _ problem: String, advice: String? = nil) {
    self.path = path
    self.offset = offset
    self.problem = problem
    self.advice = advice
  }

  /// What is wrong, where, what was found and expected, and what to do.
  public var description: String {
    "\(path): " + (offset.map { "byte \($0): " } ?? "") + "\(problem)."
      + (advice.map { " \($0)." } ?? "")
  }
}
