/// The version of Levin.
public enum LevinVersion {
  public static let current = "0.1.0"
}
