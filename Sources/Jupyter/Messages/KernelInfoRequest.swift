import JSON

extension RequestHandler {
    /// Who we are; answered also while a cell runs.
    static let kernelInfo = RequestHandler("kernel_info_request", .atOnce) { request in
        let language = request.kernel.interpreter.language
        return Answer([
            "status": "ok",
            "protocol_version": .string(Codec.protocolVersion),
            "implementation": .string(language.name),
            "implementation_version": .string(language.version),
            "language_info": [
                "name": .string(language.name),
                "version": .string(language.version),
                "mimetype": .string(language.mimeType),
                "file_extension": .string(language.fileExtension),
                "pygments_lexer": .string(language.pygmentsLexer),
                "codemirror_mode": language.codeMirrorMode,
                "nbconvert_exporter": "script",
            ],
            "banner": .string(language.banner),
            "debugger": false,
            "help_links": .array(
                language.helpLinks.map { ["text": .string($0.text), "url": .string($0.url)] }),
            "supported_features": ["kernel subshells"],
        ])
    }
}
