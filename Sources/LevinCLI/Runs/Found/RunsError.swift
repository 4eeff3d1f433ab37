/// What stops one of the commands about runs, in words for the person who gave it.
struct RunsError: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}
