extension Hint {
    static let passages = [
        Hint(
            "leave it out, or name a file with context=FILE", from: "load toy passages=2",
            then: "load toy\nload toy passages=2 context={D}/plain.csv"),
        Hint(
            "name a file with a passage a row, or with paragraphs between empty lines",
            from: "load toy context={D}/blank.txt", then: "load toy context={D}/plain.csv"),
    ]
}
