import Foundation
import LevinSystem
import Testing

/// A caller's mistake ends the process, and calls the hook of the run that the thread works for.
@Suite struct FailureTests {
  private func text(_ result: ExitTest.Result?) throws -> String {
    String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
  }

  /// A hook that prints its name.
  private static func hook(_ name: String) -> FailureHook {
    FailureHook { say(name, $0) }
  }

  private static func say(_ name: String, _ message: String) {
    StandardError.write("[\(name) was told: \(message)]\n")
  }

  @Test func saysWhatWasFoundAndExpected() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { fail("flip", "a square", expected: "a coin", hint: "take a smaller one") }
    #expect(
      try text(result).contains(
        "Fatal error: flip: found a square; expected a coin; take a smaller one"))
  }

  @Test func theInnermostHookIsToldOnce() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      FailureHook.$current.withValue(FailureTests.hook("outer")) { () -> Void in
        let inner = FailureHook { message in
          FailureTests.say("inner", message)
          fail("hook", "a mistake", expected: "none")
        }
        FailureHook.$current.withValue(inner) { () -> Void in
          fail("flip", "a square", expected: "a coin")
        }
      }
    }
    let text = try text(result)
    #expect(text.contains("[inner was told: flip: found a square; expected a coin]"))
    #expect(text.contains("Fatal error: hook: found a mistake; expected none"))
    #expect(!text.contains("outer"))
    #expect(!text.contains("told: hook"))
  }

  @Test func aHookEndsWithItsRun() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      FailureHook.$current.withValue(FailureTests.hook("first")) {}
      fail("flip", "a square", expected: "a coin")
    }
    #expect(try !text(result).contains("told"))
  }

  /// In force across suspensions, in child tasks, and on worker threads.
  @Test func theHookFollowsTheRun() async throws {
    let inTask = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      await FailureHook.$current.withValue(FailureTests.hook("run")) {
        async let failure: Void = {
          try? await Task.sleep(for: .milliseconds(1))
          fail("flip", "a square", expected: "a coin")
        }()
        await failure
      }
    }
    #expect(try text(inTask).contains("[run was told: flip: found a square; expected a coin]"))
    let onThread = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      try FailureHook.$current.withValue(FailureTests.hook("run")) {
        try WorkerThread { fail("flip", "a square", expected: "a coin") }.join()
      }
    }
    #expect(try text(onThread).contains("[run was told: flip: found a square; expected a coin]"))
  }

  @Test func threadsHaveTheirOwn() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let (isSet, mayFail) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
      Thread.detachNewThread {
        FailureHook.$current.withValue(FailureTests.hook("first")) {
          isSet.signal()
          mayFail.wait()
          fail("flip", "a square", expected: "a coin")
        }
      }
      Thread.detachNewThread {
        isSet.wait()
        FailureHook.$current.withValue(FailureTests.hook("second")) {
          mayFail.signal()
          sleep(60)
        }
      }
      sleep(60)
    }
    let text = try text(result)
    #expect(text.contains("[first was told: flip"))
    #expect(!text.contains("second"))
  }
}
