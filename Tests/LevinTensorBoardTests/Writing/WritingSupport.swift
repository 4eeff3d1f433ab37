import Foundation
import LevinTensorBoard
import Testing

/// All tests of writing.
///
/// Some pass a folder to child processes in the environment, and some watch the process's system calls, so they run
/// one at a time.
@Suite(.serialized) struct WritingTests {}

/// The folder that a test shares with the child processes that it starts.
enum SharedFolder {
  private static let variable = "LEVIN_WRITING_TESTS"

  /// In a child: the folder of its parent.
  static var path: String { ProcessInfo.processInfo.environment[variable] ?? "/nowhere" }

  /// In the parent: creates a folder, and removes it at the end.
  static func with<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "levin-writing-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    setenv(variable, folder.path, 1)
    defer {
      unsetenv(variable)
      try? FileManager.default.removeItem(at: folder)
    }
    return try await body(folder.path)
  }
}

/// The events of one file, which must be sound.
func soundEvents(
  _ path: String, sourceLocation: SourceLocation = #_sourceLocation
) throws -> [LoggedEvent] {
  let (found, reader) = try items(path)
  #expect(reader.tail == .clean, "\(path)", sourceLocation: sourceLocation)
  return found.compactMap { item in
    if case .event(let event, _) = item { return event }
    Issue.record("\(item)", sourceLocation: sourceLocation)
    return nil
  }
}

/// The step of the session START at the head of each file in a folder, by name; nil if there is none.
func starts(in folder: String) throws -> [Int?] {
  try Run.eventFiles(in: folder).map { path in
    let events = try soundEvents(path)
    guard events.count > 1, case .fileVersion("brain.Event:2") = events[0].content,
      case .sessionLog(let log) = events[1].content, log.status == .start
    else { return nil }
    return events[1].step
  }
}

/// The values of a file's events, in order.
func values(_ path: String) throws -> [(event: LoggedEvent, value: SummaryValue)] {
  try soundEvents(path).flatMap { event in
    if case .summary(let values) = event.content { return values.map { (event, $0) } }
    return []
  }
}

/// All points of a run, including void ones.
func allPoints(_ folder: String, _ tag: String) throws -> ScalarSeries {
  try Run(directory: folder, purge: false).scalars(tag) ?? ScalarSeries()
}

/// Waits until `condition` holds, at most a minute.
func waitUntil(_ condition: () throws -> Bool) throws {
  for _ in 0..<6000 {
    if try condition() { return }
    usleep(10_000)
  }
  Issue.record("a minute was not enough")
}

/// A thread that can be waited for.
final class Worker: Sendable {
  private let done = DispatchSemaphore(value: 0)

  init(_ body: @escaping @Sendable () -> Void) {
    Thread { [done] in
      body()
      done.signal()
    }.start()
  }

  func join() { done.wait() }
}
