extension ConfigSchema {
  /// `tree` with the default arguments of all its objects.
  ///
  /// Objects whose arguments are missing or break a rule are reported, by their dotted names.
  package func completed(
    _ tree: ConfigValue, at key: String = "", _ errors: inout [ConfigError]
  ) -> ConfigValue {
    switch self {
    case .leaf: return tree
    case .group(let fields):
      var result = tree
      for field in fields {
        guard let value = tree[field.name] else { continue }
        result[field.name] = field.schema.completed(
          value, at: key.isEmpty ? field.name : "\(key).\(field.name)", &errors)
      }
      return result
    case .instance(let instance):
      guard case .array(let items) = tree else {
        return instance.completed(tree, at: key, &errors)
      }
      return .array(
        items.enumerated().map { index, item in
          instance.completed(item, at: "\(key)[\(index)]", &errors)
        })
    }
  }
}

extension ConfigSchema.Instance {
  fileprivate func completed(
    _ tree: ConfigValue, at key: String, _ errors: inout [ConfigError]
  ) -> ConfigValue {
    guard let path = tree.classPath, let entry = ClassRegistry.find(path, base: base) else {
      return tree
    }
    let missing = entry.required.filter { (tree.initArgs[$0] ?? .null) == .null }.sorted()
    if !missing.isEmpty {
      let option = key.replacing(/\[\d+\]/, with: "")
      errors.append(
        ConfigError(
          "\(key): \(entry.name) needs \(missing.joined(separator: ", ")), such as --\(option).\(missing[0])",
          key: key))
    }
    let known = errors.count
    let schema = entry.schema
    let arguments = schema.completed(
      schema.merging(schema.defaults, tree.initArgs), at: key, &errors)
    if missing.isEmpty, errors.count == known {
      do { try entry.validate(arguments) } catch {
        let inner = (error as? ConfigError)?.key
        errors.append(ConfigError("\(key): \(error)", key: inner.map { "\(key).\($0)" } ?? key))
      }
    }
    return .instance(entry.path, arguments)
  }
}
