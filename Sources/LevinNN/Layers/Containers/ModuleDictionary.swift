/// Modules with names, in order of insertion, as `torch.nn.ModuleDict`.
///
/// The modules in a plain dictionary are found, too, but in the order of its keys.
public final class ModuleDictionary<Element: Module>: Module, Sequence,
  ExpressibleByDictionaryLiteral
{
  private let children: Children<Element>

  /// Creates a dictionary of modules; traps if a name contains a dot or appears twice.
  public init(_ modules: KeyValuePairs<String, Element> = [:]) {
    children = Children(of: "ModuleDictionary", named: modules.map { ($0.key, $0.value) })
  }

  /// Creates a dictionary of modules; traps if a name contains a dot or appears twice.
  public init(dictionaryLiteral modules: (String, Element)...) {
    children = Children(of: "ModuleDictionary", named: modules)
  }

  /// The names, in order.
  public var keys: [String] { children.entries.map(\.name) }
  /// The modules, in order.
  public var values: [Element] { children.modules }
  /// The number of modules.
  public var count: Int { children.entries.count }
  /// An iterator over names and modules.
  public func makeIterator() -> IndexingIterator<[(key: String, value: Element)]> {
    children.entries.map { (key: $0.name, value: $0.module) }.makeIterator()
  }

  /// The module with a name, or nil if there is none; setting a new name appends a module, and setting nil removes one.
  public subscript(key: String) -> Element? {
    get { children[key] }
    set { children[key] = newValue }
  }

  public override var namedMembers: [(name: String, value: Any)] { children.members }
}
