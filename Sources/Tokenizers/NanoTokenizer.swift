/// Tokenizers that need no file, for the made-up models with which the language can be tried.
package enum NanoTokenizer {
    /// WordPiece over some common words, and letters for all others; lower case.
    package static var words: any Tokenizer {
        let letters = "abcdefghijklmnopqrstuvwxyz0123456789".map(String.init)
        let marks = "!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~".map(String.init)
        let specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        let tokens =
            specials + marks + letters + letters.map { "##\($0)" }
            + commonWords.split(whereSeparator: \.isWhitespace).map(String.init)
        let vocabulary = VocabularyReading.vocabulary(tokens.map { Array($0.utf8) })
        var special = SpecialTokens()
        (special.pad, special.unk, special.cls, special.sep, special.mask) = (0, 1, 2, 3, 4)
        let prefix = Array("##".utf8)
        return PipelineTokenizer(
            model: .wordPiece(
                WordPiece(vocabulary: vocabulary, prefix: prefix, unknown: 1, longestWord: 100)),
            normalizers: [
                .bert(BertNormalizer(spacesIdeographs: true, stripsAccents: true, lowercases: true))
            ],
            preTokenizers: [.bert], template: .bert(cls: 2, sep: 3),
            decoders: [.wordPiece(prefix: prefix, cleansUp: true)],
            added: specials.enumerated().map { AddedToken(id: Int32($0), content: $1) }, special: special)
    }

    /// One token a byte, and an end-of-text token: any text comes back whole.
    package static var bytes: any Tokenizer {
        let end = "<|endoftext|>"
        let tokens = ByteAlphabet.scalars.map { Array(String($0).utf8) } + [Array(end.utf8)]
        let vocabulary = VocabularyReading.vocabulary(tokens)
        var special = SpecialTokens()
        (special.bos, special.eos) = (256, 256)
        let model = BytePair(
            vocabulary: vocabulary, merges: MergeTable([]), symbols: BytePair.byteSymbols(of: vocabulary))
        return PipelineTokenizer(
            model: .bytePair(model), preTokenizers: [.gpt2], decoders: [.byteLevel],
            added: [AddedToken(id: 256, content: end)], special: special)
    }

    private static let commonWords = """
        the a an and or but not no yes is was were be been are am it its he she they we you i me my our
        your his her their them this that these those there here who what when where why how which all
        any some many much more most few less least very so too just only also again still ever never
        always often soon now then today tomorrow yesterday week month year day night morning time once
        in on at to from of for with without about over under after before between into out up down off
        as if than because while until though honestly say says said think thought know knew feel felt
        look looked seem seemed turn turned make made take took come came go went see saw get got give
        find found want need like love hate good bad great awful best worst better worse nice fine poor
        bleak broken dull filthy gloomy rotten sour bright charming cheerful delightful lovely splendid
        superb warm cold hot new old big small long short high low early late first last start end free
        win prize call text phone message money please thanks hello home house door window garden kitchen
        room table lamp coat bread soup food water river bridge train car road market story song book
        film movie scene actor plot music teacher painter friend family man woman child people world life
        work school city parcel letter
        """
}
