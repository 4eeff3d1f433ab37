/// Modules under names, in the order in which they were put there; as `torch.nn.ModuleDict`.
///
/// A dictionary of modules is found just as well, but ordered by its keys.
public final class ModuleDictionary<Element: Module>: Module, Sequence,
  ExpressibleByDictionaryLiteral
{
  private let children: Children<Element>

  /// Modules under names; traps for a name that has a dot, or that comes twice.
  public init(_ modules: KeyValuePairs<String, Element> = [:]) {
    children = Children(of: "ModuleDictionary", named: modules.map { ($0.key, $0.value) })
  }

  /// Modules under names; traps for a name that has a dot, or that comes twice.
  public init(dictionaryLiteral modules: (String, Element)...) {
    children = Children(of: "ModuleDictionary", named: modules)
  }

  /// The names, in order.
  public var keys: [String] { children.entries.map(\.name) }
  /// The modules, in order.
  public var values: [Element] { children.modules }
  /// How many modules there are.
  public var count: Int { children.entries.count }
  /// Goes over names and modules.
  public func makeIterator() -> IndexingIterator<[(key: String, value: Element)]> {
    children.entries.map { (key: $0.name, value: $0.module) }.makeIterator()
  }

  /// The module of a name, nil if there is none; a new name is put at the end, and nil removes a module.
  public subscript(key: String) -> Element? {
    get { children[key] }
    set { children[key] = newValue }
  }

  public override var ownMembers: [(name: String, value: Any)] { children.members }
}
