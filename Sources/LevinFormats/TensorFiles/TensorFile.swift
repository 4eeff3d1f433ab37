/// The tensors of a file in any format that Levin reads: names, types, shapes, and where the bytes are.
///
/// The content decides about the format, not the name: safetensors, sharded safetensors (the index or its folder),
/// `torch.save` (since PyTorch 0.1.10, and Lightning's checkpoints), NumPy's `.npy` and `.npz`. The file is mapped, and
/// nothing of a tensor is read before it is asked for. Nothing that a file says is ever executed.
public struct TensorFile: Sendable {
  /// The formats.
  public enum Format: String, Sendable {
    case safetensors
    case shardedSafetensors = "sharded safetensors"
    case torch = "torch.save"
    case legacyTorch = "torch.save before PyTorch 1.6"
    case npy
    case npz
  }
  /// The path that was opened.
  public let path: String
  /// The format that was found.
  public let format: Format
  /// The tensors in the order of the file: of a training's checkpoint, the weights.
  ///
  /// The only array of an `.npy` file, and a file that holds nothing but one PyTorch tensor, is called `tensor`.
  public private(set) var entries: [Entry]
  /// The texts in safetensors' `__metadata__`.
  public var metadata: [String: String] = [:]
  /// Everything that `torch.save` wrote; nil in other formats.
  public var content: PickleValue?
  /// What was ignored or done on the way, one sentence each.
  public var notices: [String] = []
  private let places: [String: Int]

  init(path: String, format: Format, entries: [Entry]) {
    (self.path, self.format, self.entries) = (path, format, entries)
    places = Dictionary(
      entries.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { $1 })
  }

  /// The tensor called `name`; nil if there is none.
  public subscript(name: String) -> Entry? { places[name].map { entries[$0] } }
}
