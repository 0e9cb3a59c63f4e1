import JSON
import Jupyter
import Testing

@Suite struct StreamTests {
    @Test func aFloodLosesNothingAndComesInFewMessages() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let outputs = try client.execute("flood 200000").outputs.filter { $0.type == "stream" }
        let text = outputs.compactMap { $0.content["text"]?.string }.joined()
        #expect(text == (0..<200_000).map { "\($0)\n" }.joined())
        #expect(outputs.count < 100)
    }

    @Test func textWaitsAtMostATenthOfASecond() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let id = client.sendCell("echo soon\nspin")
        while try client.receive(on: .iopub).type != "stream" {}
        #expect(try client.ask("interrupt_request", on: .control).status == "ok")
        #expect(try client.reply(to: id).status == "error")
    }

    @Test func scalarsAreNeverSplit() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let line = String(repeating: "🦜é", count: 50_000)
        let texts = try client.execute("echo \(line)\necho \(line)").outputs.compactMap {
            $0.content["text"]?.string
        }
        #expect(texts.joined() == "\(line)\n\(line)\n")
    }

    @Test func aCellsOutputIsCutWithANotice() throws {
        var options = RunningKernel.options
        options.outputLimit = 10_000
        let kernel = try RunningKernel(options: options)
        let client = try kernel.client()
        let outputs = try client.execute("flood 100000\nvalue after").outputs
        let texts = outputs.filter { $0.type == "stream" }
        let notices = texts.filter { $0.content["name"] == "stderr" }
        #expect(notices.count == 1)
        #expect(notices.first?.content["text"]?.string?.contains("left out") == true)
        let shown = texts.filter { $0.content["name"] == "stdout" }.compactMap { $0.content["text"]?.string }
        #expect(shown.joined().utf8.count == 10_000)
        #expect(outputs.contains { $0.type == "execute_result" })
        #expect(try client.execute("echo next").outputs.contains { $0.content["text"] == "next\n" })
    }

    @Test func updatesAreThrottledAndTheLastOneArrives() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let outputs = try client.execute("display d first\nupdates d").outputs
        let updates = outputs.filter { $0.type == "update_display_data" }
        #expect(updates.count < 20)
        #expect(updates.last?.content["data"] == ["text/plain": "step 1000"])
        #expect(updates.last?.content["transient"] == ["display_id": "d"])
    }

    @Test func anUpdateReachesAnEarlierCell() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let shown = try client.execute("display bar zero").outputs.first { $0.type == "display_data" }
        #expect(shown?.content["transient"] == ["display_id": "bar"])
        let update = try client.execute("update bar one").outputs.first {
            $0.type == "update_display_data"
        }
        #expect(update?.content["data"] == ["text/plain": "bar one"])
    }

    @Test func displaysWithoutAnIdHaveNone() throws {
        let kernel = try RunningKernel()
        let shown = try kernel.client().execute("show it").outputs.first { $0.type == "display_data" }
        #expect(shown?.content["transient"] == [:])
    }

    @Test func outputIsClearedInOrder() throws {
        let kernel = try RunningKernel()
        let types = try kernel.client().execute("echo a\nclear\necho b").outputs.map(\.type)
        #expect(types == ["status", "execute_input", "stream", "clear_output", "stream", "status"])
    }
}
