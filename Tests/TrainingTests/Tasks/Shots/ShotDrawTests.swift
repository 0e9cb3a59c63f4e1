import Datasets
import Testing

@testable import Training

@Suite struct ShotDrawTests {
    private let candidates = (0..<40).map { Example(text: "text \($0)", label: $0 % 10 == 0 ? 1 : 0, id: $0) }

    private func drawn(_ count: Int, seed: UInt64 = 3, besides judged: [Example] = []) -> [Example] {
        ShotDraw(seed: seed).examples(
            count, of: candidates, labels: ["common", "rare"], besides: judged)
    }

    @Test func classesAreShownAsOftenAsOneAnother() {
        for count in [2, 4, 8] {
            #expect(drawn(count).count { $0.label == 1 } == count / 2, "the rare class is a tenth of them")
        }
        #expect(drawn(5).count { $0.label == 1 } >= 2)
        #expect(drawn(40).count == 40, "where a class has no more, the others go on")
    }

    @Test func aSeedDrawsTheSameAndFewerAreTheFirstOfMore() {
        #expect(drawn(4) == drawn(4) && drawn(8).prefix(4) == drawn(4)[...])
        #expect(drawn(4) != drawn(4, seed: 4))
    }

    @Test func textsThatAreJudgedAreNotShown() {
        let judged = candidates.dropLast(2).map { Example(text: " \($0.text)\n", id: 100 + $0.id) }
        #expect(drawn(8, besides: judged).map(\.id).sorted() == [38, 39])
    }

    @Test func aTextIsShownOnce() {
        let twice = candidates + candidates.map { Example(text: $0.text, label: $0.label, id: 100 + $0.id) }
        let found = ShotDraw(seed: 1).examples(80, of: twice, labels: [], besides: [])
        #expect(found.count == 40 && Set(found.map(\.text)).count == 40)
    }
}
