/// Names of keys: `maxEpochs` in Swift, `max_epochs` on the command line and in YAML.
public enum KeyName {
  /// `maxEpochs` → `max_epochs`, `logEveryNSteps` → `log_every_n_steps`.
  public static func snakeCase(_ name: String) -> String {
    var result = ""
    for character in name {
      if character.isUppercase, !result.isEmpty, result.last != "_" { result.append("_") }
      result += character.lowercased()
    }
    return result
  }

  /// The name in `names` that `name` abbreviates (`lr`), or else the most similar one, if at most a third of its
  /// letters differ.
  public static func nearest(to name: String, in names: some Sequence<String>) -> String? {
    if let abbreviated = names.first(where: { initials($0) == name }) { return abbreviated }
    let most = max(2, name.count / 3)
    let scored = names.filter { abs($0.count - name.count) <= most }.map {
      ($0, distance(name, $0))
    }
    guard let best = scored.min(by: { $0.1 < $1.1 }), best.1 <= most else { return nil }
    return best.0
  }

  /// `lr` for `learning_rate`.
  package static func initials(_ name: String) -> String {
    String(name.split(separator: "_").compactMap(\.first))
  }

  /// The number of letters to insert, delete or replace to turn `a` into `b` (Levenshtein 1965).
  private static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var previous = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        row.append(min(previous[j + 1] + 1, row[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1)))
      }
      previous = row
    }
    return previous[b.count]
  }
}
