#include <jansson.h>

// Jansson's reference counting and flags are inline functions and macros, which Swift cannot all see.
static inline void lorikeet_json_release(json_t *value) { json_decref(value); }
static inline int lorikeet_json_kind(const json_t *value) { return (int)json_typeof(value); }
