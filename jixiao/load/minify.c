/* audit.json without its spaces, checked: JSON and UTF-8 to the letter, places and repairs of the shape that views want.
 *
 * What jixiao/load/audits.py does with msgspec in five passes is done here in one, over four kilobytes an indicator.
 * Whatever is not plainly right is refused and left to those five, which tell why, or take it after all.
 * tests/test_load_audits.py holds the two together.
 */
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

typedef int64_t whole;
typedef const uint8_t *bytes;

enum { DEEPEST = 64, LONGEST_NUMBER = 32 };

/* What a value has to be. */
typedef enum { ANY, OBJECT, OBJECTS, PLACES } Shape; /* any; {}; [{}, ...]; {"...": [{}, ...], ...} */

typedef struct {
    bytes at;     /* the next byte; a NUL stands behind the last one */
    uint8_t *out; /* where the next one goes */
    uint8_t *first;
    whole *spans; /* from where to where in `out` values stay JSON */
    whole count, room;
} State;

static int value_of(State *s, int depth, Shape shape);

static inline void skip_spaces(State *s) {
    bytes at = s->at;
#ifdef __SSE2__
    while (*at == '\n') { /* and what a line is indented by */
        __m128i spaces = _mm_set1_epi8(' ');
        for (at++;; at += 16) {
            unsigned found = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)at), spaces));
            if (found != 0xffff) {
                at += __builtin_ctz(~found);
                break;
            }
        }
    }
#endif
    while (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t') at++;
    s->at = at;
}

/* The length of a character of several bytes as UTF-8 has it; 0: it is none. */
static inline int length_of(bytes at) {
#define MORE(n) ((at[n] & 0xc0) == 0x80)
    if (at[0] >= 0xe1 && at[0] <= 0xec) return MORE(1) && MORE(2) ? 3 : 0;
    if (at[0] < 0xc2) return 0;
    if (at[0] < 0xe0) return MORE(1) ? 2 : 0;
    if (at[0] == 0xe0) return at[1] >= 0xa0 && MORE(1) && MORE(2) ? 3 : 0;
    if (at[0] == 0xed) return at[1] < 0xa0 && MORE(1) && MORE(2) ? 3 : 0;
    if (at[0] < 0xf0) return MORE(1) && MORE(2) ? 3 : 0;
    if (at[0] == 0xf0) return at[1] >= 0x90 && MORE(1) && MORE(2) && MORE(3) ? 4 : 0;
    if (at[0] < 0xf4) return MORE(1) && MORE(2) && MORE(3) ? 4 : 0;
    return at[0] == 0xf4 && at[1] < 0x90 && MORE(1) && MORE(2) && MORE(3) ? 4 : 0;
#undef MORE
}

/* The length of an escape; 0: it is none, or half of a pair of surrogates. */
static inline int escape_of(bytes at) {
    if (at[1] != 'u') return at[1] && strchr("\"\\/bfnrt", at[1]) ? 2 : 0;
    for (int n = 2; n < 6; n++)
        if (!((at[n] >= '0' && at[n] <= '9') || ((at[n] | 32) >= 'a' && (at[n] | 32) <= 'f'))) return 0;
    return (at[2] | 32) == 'd' && at[3] >= '8' ? 0 : 6;
}

static inline int string_of(State *s) {
    bytes at = s->at;
    uint8_t *out = s->out;
    if (*at != '"') return 0;
    *out++ = *at++;
    for (;;) {
#ifdef __SSE2__
        __m128i here = _mm_loadu_si128((const __m128i *)at);
        _mm_storeu_si128((__m128i *)out, here);
        __m128i odd = _mm_or_si128(_mm_cmpeq_epi8(here, _mm_set1_epi8('"')), _mm_cmpeq_epi8(here, _mm_set1_epi8('\\')));
        odd = _mm_or_si128(odd, _mm_cmplt_epi8(here, _mm_set1_epi8(' '))); /* signed: whatever is not ASCII, too */
        unsigned found = (unsigned)_mm_movemask_epi8(odd);
        int plain = found ? __builtin_ctz(found) : 16;
        at += plain, out += plain;
        if (!found) continue;
#endif
        if (*at == '"') break;
        int length = *at >= 0x80 ? length_of(at) : *at == '\\' ? escape_of(at) : *at >= ' ';
        if (!length) return 0;
        do {
            memcpy(out, at, 8);
            at += length, out += length;
        } while (*at >= 0x80 && (length = length_of(at)));
    }
    *out++ = *at++;
    s->at = at, s->out = out;
    return 1;
}

static inline bytes digits_of(bytes at) {
    while (*at >= '0' && *at <= '9') at++;
    return at;
}

static int number_of(State *s) {
    bytes at = s->at, from = at;
    if (*at == '-') at++;
    bytes end = *at == '0' ? at + 1 : digits_of(at);
    if (end == at) return 0;
    if (*end == '.') {
        at = end + 1;
        if ((end = digits_of(at)) == at) return 0;
    }
    if (*end == 'e' || *end == 'E' || end - from > LONGEST_NUMBER) return 0;
    memcpy(s->out, from, LONGEST_NUMBER);
    s->at = end, s->out += end - from;
    return 1;
}

static int word_of(State *s, const char *word, size_t length) {
    if (strncmp((const char *)s->at, word, length)) return 0;
    memcpy(s->out, word, length);
    s->at += length, s->out += length;
    return 1;
}

/* A value that stays JSON, noted down. */
static int kept(State *s, int depth, Shape shape) {
    if (s->count == s->room) return 0;
    whole from = s->out - s->first, number = s->count++;
    if (!value_of(s, depth, shape)) return 0;
    s->spans[2 * number] = from, s->spans[2 * number + 1] = s->out - s->first;
    return 1;
}

static int member_of(State *s, int depth, Shape shape) {
    bytes key = s->out;
    if (!string_of(s)) return 0;
    whole length = s->out - key;
    skip_spaces(s);
    if (*s->at != ':') return 0;
    *s->out++ = *s->at++;
    skip_spaces(s);
    if (depth == 3 && length == 12 && !memcmp(key, "\"provenance\"", 12)) return kept(s, depth, PLACES);
    if (depth == 3 && length == 9 && !memcmp(key, "\"repairs\"", 9)) return kept(s, depth, OBJECTS);
    return value_of(s, depth, shape == PLACES ? OBJECTS : ANY);
}

/* A list or an object, which lies so deep. */
static int several_of(State *s, int depth, Shape shape) {
    uint8_t end = *s->at == '{' ? '}' : ']';
    *s->out++ = *s->at++;
    skip_spaces(s);
    if (*s->at != end)
        for (;;) {
            if (!(end == '}' ? member_of(s, depth, shape) : value_of(s, depth, shape == OBJECTS ? OBJECT : ANY))) return 0;
            skip_spaces(s);
            if (*s->at == end) break;
            if (*s->at != ',') return 0;
            *s->out++ = *s->at++;
            skip_spaces(s);
        }
    *s->out++ = *s->at++;
    return 1;
}

static int value_of(State *s, int depth, Shape shape) {
    if (shape != ANY && *s->at != (shape == OBJECTS ? '[' : '{')) return 0;
    switch (*s->at) {
    case '{':
    case '[':
        return depth < DEEPEST && several_of(s, depth + 1, shape);
    case '"':
        return string_of(s);
    case 't':
        return word_of(s, "true", 4);
    case 'f':
        return word_of(s, "false", 5);
    case 'n':
        return word_of(s, "null", 4);
    default:
        return number_of(s);
    }
}

/* The length of `data` without its spaces, which are in `out` then; 0: it is refused. 64 NULs stand behind `data`, and
 * `out` has room for as many bytes. `spans` gets how many values stay JSON, and from where to where each is in `out`;
 * it has room for `room` of them. */
whole minified(bytes data, uint8_t *out, whole length, whole *spans, whole room) {
    State s = {data, out, out, spans + 1, 0, room};
    skip_spaces(&s);
    if (!value_of(&s, 0, OBJECT)) return 0;
    skip_spaces(&s);
    if (s.at != data + length) return 0;
    *spans = s.count;
    return s.out - out;
}
