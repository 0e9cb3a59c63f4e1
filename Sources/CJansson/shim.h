#include <jansson.h>

// Jansson's reference counting and flags are inline functions and macros, which Swift cannot all see.
static inline void lorikeet_json_release(json_t *value) { json_decref(value); }
static inline int lorikeet_json_kind(const json_t *value) { return (int)json_typeof(value); }

/// Seventeen digits are what a double needs to come back the same.
static inline char *lorikeet_json_text(const json_t *value, int indent) {
    size_t layout = indent > 0 ? JSON_INDENT(indent > 31 ? 31 : indent) : JSON_COMPACT;
    return json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(17) | layout);
}
static inline void lorikeet_json_free(char *text) { free(text); }
