internal import Synchronization

/// The names of a model's modules, for whoever is told of a failure, on any thread.
final class LayerNames: Sendable {
  private let names = Mutex<[ObjectIdentifier: String]>([:])

  func set(_ names: [ObjectIdentifier: String]) { self.names.withLock { $0 = names } }

  subscript(module: AnyObject) -> String? { names.withLock { $0[ObjectIdentifier(module)] } }
}
