/// The version of this program.
enum LevinVersion {
  static let current = "0.1.0"
}
