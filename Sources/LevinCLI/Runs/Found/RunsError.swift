/// An error of one of the commands about runs.
struct RunsError: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}
