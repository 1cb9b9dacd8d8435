import Domain
import Support
import Testing

/// The shared helpers of all tests; they live here because every other suite leans on them.
@Suite struct SupportTests {
    @Test func aTemporaryFolderIsGoneAfterwardsEvenWhenItWasMadeReadOnly() async throws {
        let left = try await withTemporaryFolder { folder in
            try folder.write("text", to: "deep/file")
            #expect(try folder.read("deep/file") == "text")
            try await checkProcess("chmod", ["500", folder.path("deep")])
            return folder
        }
        #expect(!left.exists("deep/file"))
        #expect(!left.exists(""))
    }

    @Test func aProcessGivesBackWhatItPrintedAndHowItEnded() async throws {
        let output = try await runProcess(
            "sh", ["-c", "cat; echo \"$WORD\"; echo bad >&2; exit 3"], environment: ["WORD": "set"], input: "in\n")
        #expect(output.exitCode == 3)
        #expect(output.standardOutput == "in\nset\n")
        #expect(output.standardError == "bad\n")
        await #expect(throws: ProcessFailure.self) { try await checkProcess("sh", ["-c", "exit 1"]) }
    }

    @Test func aProcessThatDoesNotEndIsKilledAtItsLimit() async throws {
        let start = ContinuousClock.now
        await #expect {
            _ = try await runProcess("sleep", ["60"], timeout: .milliseconds(200))
        } throws: { error in
            (error as? ProcessFailure)?.code == .timedOut
        }
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func aConditionThatNeverHoldsIsAnError() async throws {
        await #expect(throws: ConditionTimeout.self) {
            try await eventually("never", timeout: .milliseconds(30)) { false }
        }
        var looks = 0
        try await eventually {
            looks += 1
            return looks == 3
        }
        #expect(looks == 3)
    }

    @Test func aManualClockMovesBothClocksAndTheWallAlone() {
        let clock = ManualClock()
        clock.advance(by: .seconds(5))
        #expect(clock.now.tick == Tick(milliseconds: 5000))
        let wall = clock.now.wall
        clock.setWall(Timestamp(milliseconds: 1))
        #expect(clock.now == Now(tick: Tick(milliseconds: 5000), wall: Timestamp(milliseconds: 1)))
        #expect(wall.milliseconds == 1_795_341_605_000)
    }

    @Test func aGitFixtureMakesTheSameCommitsEveryTime() async throws {
        var heads: [String] = []
        for _ in 0..<2 {
            try await withTemporaryFolder { folder in
                let fixture = try await GitFixture.create(in: folder)
                let first = try await fixture.commit(["bots/a.yaml": "one\n"], message: "First")
                try await fixture.commit(["bots/a.yaml": "two\n", "b": "x"], message: "Second", author: .bob)
                let bare = try await fixture.cloneBare(to: folder.path("bare.git"))
                let reverted = try await fixture.revert("HEAD")
                try await fixture.push()
                #expect(try await fixture.git("diff", "--name-only", first, reverted) == "")
                let remote = try await fixture.git("ls-remote", bare, "refs/heads/main")
                #expect(remote.hasPrefix(reverted))
                heads.append(reverted)
            }
        }
        #expect(heads.count == 2 && heads[0] == heads[1])
    }
}
