import Diagnostics

/// What fetching may use of the world: handed in, so that tests can do without.
package struct FetchContext {
    package let cache: CacheFolder
    package let client: any WebClient
    /// Names the hub, its token, other tools' copies and the Python that has pip.
    package let environment: [String: String]
    /// Told what is being fetched, and how far it is.
    package let progress: (String) -> Void
    package let interruption: Interruption

    package init(
        cache: CacheFolder, client: any WebClient, environment: [String: String],
        progress: @escaping (String) -> Void = { _ in }, interruption: Interruption = Interruption()
    ) {
        self.cache = cache
        self.client = client
        self.environment = environment
        self.progress = progress
        self.interruption = interruption
    }
}
