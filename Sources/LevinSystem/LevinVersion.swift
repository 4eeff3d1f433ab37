/// The version of Levin.
public enum LevinVersion {
  /// `major.minor.patch`.
  public static let current = "0.1.0"
}
