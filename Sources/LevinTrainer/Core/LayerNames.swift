internal import Synchronization

/// The names of a model's modules, for failure messages from any thread.
final class LayerNames: Sendable {
  private let names = Mutex<[ObjectIdentifier: String]>([:])

  func set(_ names: [ObjectIdentifier: String]) { self.names.withLock { $0 = names } }

  subscript(module: AnyObject) -> String? { names.withLock { $0[ObjectIdentifier(module)] } }
}
