/* The characters that a content stream shows: what codes_shown.py counts token by token, to the same numbers.
 *
 * Fonts and forms are named here only: Python, which knows what they are, is given for each font how many codes it
 * shows if its codes take one to four bytes, and for each drawing of a form how text is painted then.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef int64_t whole;

enum { UNCLEAR = -1, NO_MEMORY = -2, FULL = -3 };
enum { WIDTHS = 4, KEPT = 64 };

typedef struct {
    whole at, size;        /* the name: where it begins, without its slash, and how long it is */
    whole form, mode;      /* whether it is drawn as a form, and how text is painted then */
    whole codes[WIDTHS];   /* else: the codes that it shows, by the bytes of a code */
    whole again[WIDTHS];   /* those of strings that repeat the string before them */
} use;

typedef struct {
    const uint8_t *data;
    whole length, at, name, name_size, bytes, mode, font;
    whole first, last;             /* where the strings of this operator begin and end */
    whole before, before_size;     /* likewise of the one before, if it repeats none */
    whole kept_mode[KEPT], kept_font[KEPT], depth;
    whole spaces[2]; /* of the bytes of a string: codes of one and of two that are spaces */
    whole codes[WIDTHS]; /* of the strings of an operator */
    int odd, odd_byte;
    use *uses;
    whole count, room;
} content;

static int is_space(int c) { return c == 0 || c == 9 || c == 10 || c == 12 || c == 13 || c == 32; }
static int is_white(int c) { return is_space(c) || c == 11; } /* as Python's split has it */
static int is_delimiter(int c) { return is_space(c) || (c && strchr("()<>[]{}/%", c)); }
static int hex(int c) { return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f'); }
static int is_octal(int c) { return c >= '0' && c <= '7'; }

/* A byte of a string; the codes that spaces mostly have count for none, since files are padded with them. */
static void add(content *of, int byte) {
    of->bytes++;
    of->spaces[0] += byte == ' ';
    if (of->odd) of->spaces[1] += !of->odd_byte && (byte == 3 || byte == ' ');
    of->odd = !of->odd, of->odd_byte = byte;
}

/* The codes of a string that ends, by their width. */
static void end_string(content *of) {
    for (int width = 0; width < WIDTHS; width++)
        of->codes[width] += of->bytes / (width + 1) - (width < 2 ? of->spaces[width] : 0);
    of->bytes = of->spaces[0] = of->spaces[1] = of->odd = 0;
}

/* The byte that stands for itself behind a backslash, or is meant by it. */
static int escaped(content *of, whole *at) {
    static const char names[] = "nrtbf", meant[] = "\n\r\t\b\f";
    int c = of->data[*at];
    const char *name = c ? strchr(names, c) : NULL;
    if (name) return meant[name - names];
    if (!is_octal(c)) return c;
    int found = c - '0';
    for (int more = 2; more && *at + 1 < of->length && is_octal(of->data[*at + 1]); more--)
        found = 8 * found + of->data[++*at] - '0';
    return found & 255;
}

/* Past a string in parentheses; its bytes are added. */
static int string(content *of) {
    whole depth = 1, n = of->at + 1;
    for (; n < of->length && depth; n++) {
        int c = of->data[n];
        if (c == '\\') {
            if (++n == of->length) return UNCLEAR;
            c = of->data[n];
            if (c == '\r' && n + 1 < of->length && of->data[n + 1] == '\n') n++;
            if (c != '\r' && c != '\n') add(of, escaped(of, &n));
            continue;
        }
        depth += (c == '(') - (c == ')');
        if (depth > 0) add(of, c);
    }
    end_string(of);
    of->at = n;
    return depth ? UNCLEAR : 0;
}

static int digit(int c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; }

/* Past a string in hexadecimal digits, or past what only begins like one. */
static void digits(content *of) {
    whole n = of->at + 1;
    while (n < of->length && (hex(of->data[n]) || is_white(of->data[n]))) n++;
    if (n == of->length || of->data[n] != '>') {
        of->at++;
        return;
    }
    int high = -1;
    for (whole m = of->at + 1; m < n; m++) {
        if (!hex(of->data[m])) continue;
        if (high < 0) high = digit(of->data[m]);
        else add(of, 16 * high + digit(of->data[m])), high = -1;
    }
    if (high >= 0) add(of, 16 * high);
    end_string(of);
    of->at = n + 1;
}

/* The use of the last name: that of a font which was named before, or a new one; NULL: no room. */
static use *named(content *of, int form) {
    for (whole n = form ? of->count : 1; n < of->count; n++) {
        use *each = of->uses + n;
        if (!each->form && each->size == of->name_size && !memcmp(of->data + each->at, of->data + of->name, (size_t)each->size))
            return each;
    }
    if (of->count == of->room) return NULL;
    use *found = of->uses + of->count++;
    memset(found, 0, sizeof *found);
    found->at = of->name, found->size = of->name_size, found->form = form, found->mode = of->mode;
    return found;
}

static void show(content *of) {
    use *font = of->uses + of->font;
    whole size = of->last - of->first;
    int again = size > 0 && size == of->before_size && !memcmp(of->data + of->first, of->data + of->before, (size_t)size);
    for (int width = 0; width < WIDTHS; width++) {
        font->codes[width] += of->codes[width];
        if (again) font->again[width] += of->codes[width];
    }
    of->before = of->first, of->before_size = again ? 0 : size;
}

/* The number before an operator; UNCLEAR where there is none. */
static whole number(const content *of, whole end) {
    while (end > 0 && is_white(of->data[end - 1])) end--;
    whole first = end, found = 0;
    while (first > 0 && of->data[first - 1] >= '0' && of->data[first - 1] <= '9') first--;
    if (first == end || end - first > 6 || (first > 0 && !is_white(of->data[first - 1]))) return UNCLEAR;
    for (; first < end; first++) found = 10 * found + of->data[first] - '0';
    return found;
}

static int operate(content *of, whole begin, whole size) {
    const uint8_t *name = of->data + begin;
#define IS(text) (size == (whole)sizeof(text) - 1 && !memcmp(name, text, sizeof(text) - 1))
    if ((IS("Tj") || IS("TJ") || IS("'") || IS("\"")) && of->mode != 3 && of->mode != 7) show(of);
    if (IS("Tr") && (of->mode = number(of, begin)) < 0) return UNCLEAR;
    if (IS("Q") && of->depth > 0) {
        of->depth--;
        if (of->depth >= KEPT) return UNCLEAR;
        of->mode = of->kept_mode[of->depth], of->font = of->kept_font[of->depth];
    }
    if (IS("Tf")) {
        use *font = named(of, 0);
        if (!font) return FULL;
        of->font = font - of->uses;
    }
    if (IS("Do") && !named(of, 1)) return FULL;
#undef IS
    memset(of->codes, 0, sizeof of->codes);
    of->first = of->last = 0;
    return 0;
}

/* Digits, white space, brackets and small letters but for q: operands, and operators that show and set nothing. */
static uint8_t is_plain[256];

static void tell_plain(void) {
    for (int c = 0; c < 256; c++)
        is_plain[c] = c != 'q' && c != '(' && c != '<' && c != '/' && c != '%' && c != '\'' && c != '"' && !(c >= 'A' && c <= 'Z');
}

static int step(content *of) {
    whole begin = of->at;
    int c = of->data[begin], failed = 0;
    if (c == '(' || c == '<') {
        if (c == '(') failed = string(of); else digits(of);
        if (c == '(' || of->at > begin + 1) of->first = of->last ? of->first : begin, of->last = of->at;
    } else if (c == '/') {
        for (of->at++; of->at < of->length && !is_delimiter(of->data[of->at]);) of->at++;
        of->name = begin + 1, of->name_size = of->at - of->name;
        if (of->name_size == 2 && !memcmp(of->data + of->name, "OC", 2)) return UNCLEAR; /* a layer, maybe switched off */
    } else if (c == '%') {
        while (of->at < of->length && of->data[of->at] != '\r' && of->data[of->at] != '\n') of->at++;
    } else if ((c >= 'A' && c <= 'Z') || c == '\'' || c == '"') {
        for (of->at++; of->at < of->length; of->at++) {
            int next = of->data[of->at];
            if (!((next | 32) >= 'a' && (next | 32) <= 'z') && !(next >= '0' && next <= '9') && next != '*') break;
        }
        failed = operate(of, begin, of->at - begin);
    } else {
        if (c == 'q') {
            if (of->depth < KEPT) of->kept_mode[of->depth] = of->mode, of->kept_font[of->depth] = of->font;
            of->depth++;
        }
        do of->at++;
        while (of->at < of->length && is_plain[of->data[of->at]]);
    }
    return failed;
}

/* The uses of fonts and forms in a content whose text is painted in `mode` at first; the first is of no font. Gives how
 * many there are, or why it cannot be told. */
whole uses_of(const uint8_t *data, whole length, whole mode, use *out, whole room) {
    content *of = calloc(1, sizeof *of);
    if (!of) return NO_MEMORY;
    tell_plain();
    of->data = data, of->length = length, of->mode = mode, of->uses = out, of->room = room;
    int failed = named(of, 0) ? 0 : FULL;
    while (!failed && of->at < length) failed = step(of);
    whole count = of->count;
    free(of);
    return failed ? failed : count;
}
