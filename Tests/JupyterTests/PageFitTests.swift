import Display
import JSON
import Testing

@testable import Jupyter

@Suite struct PageFitTests {
    private func message(_ data: JSON) -> JSON { ["data": data, "metadata": ["a": 1]] }

    @Test func aPlotWithAPictureFollowsThePage() {
        let plot: JSON = ["width": 620, "height": 200]
        let fitted = PageFit.fitted(message([MimeType.vegaLite: plot, MimeType.png: "x"]))
        #expect(fitted["data"]?[MimeType.vegaLite] == ["width": "container", "height": 200])
        #expect(fitted["data"]?[MimeType.png] == "x" && fitted["metadata"] == ["a": 1])
    }

    @Test func allElseStaysAsItIs() {
        for data: JSON in [[MimeType.vegaLite: ["width": 620]], [MimeType.plain: "x"], [:]] {
            #expect(PageFit.fitted(message(data)) == message(data))
        }
        #expect(PageFit.fitted(["execution_state": "idle"]) == ["execution_state": "idle"])
    }
}
