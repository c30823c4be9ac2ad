/* Loops over calls of PDFium that give a number or fill a place for each character, object or segment.
 *
 * Nothing here knows PDFium but for the shapes of its functions: their addresses come with each call. `of` is the page,
 * text or path that is asked, `which` the numbers asked for (NULL: 0 to count - 1), `out` where the answers go.
 * extract/pdf/bulk.py has the same loops in Python, for where this file was not compiled.
 */
#include <stddef.h>
#include <stdint.h>

typedef void *handle;

static int at(const int64_t *which, int64_t n) { return (int)(which ? which[n] : n); }

void handles_in(handle (*ask)(handle, int), handle of, const int64_t *which, int64_t count, handle *out) {
    for (int64_t n = 0; n < count; n++) out[n] = ask(of, at(which, n));
}

void handles_in_each(handle (*ask)(handle, int), const handle *of, const int64_t *sizes, int64_t count, handle *out) {
    for (int64_t n = 0; n < count; n++)
        for (int64_t m = 0; m < sizes[n]; m++) *out++ = ask(of[n], (int)m);
}

void handles_of(handle (*ask)(handle), const handle *of, int64_t count, handle *out) {
    for (int64_t n = 0; n < count; n++) out[n] = ask(of[n]);
}

void ints_of(int (*ask)(handle), const handle *of, int64_t count, int64_t *out) {
    for (int64_t n = 0; n < count; n++) out[n] = ask(of[n]);
}

void doubles_in(double (*ask)(handle, int), handle of, const int64_t *which, int64_t count, double *out) {
    for (int64_t n = 0; n < count; n++) out[n] = ask(of, at(which, n));
}

void places_in(int (*ask)(handle, int, void *), handle of, const int64_t *which, int64_t count, char *out,
               int64_t size) {
    for (int64_t n = 0; n < count; n++) ask(of, at(which, n), out + n * size);
}

void pairs_in(int (*ask)(handle, int, double *, double *), handle of, const int64_t *which, int64_t count,
              double *out) {
    for (int64_t n = 0; n < count; n++) ask(of, at(which, n), out + 2 * n, out + 2 * n + 1);
}

void places_of(int (*ask)(handle, void *), const handle *of, int64_t count, char *out, int64_t size) {
    for (int64_t n = 0; n < count; n++) ask(of[n], out + n * size);
}

/* A row of two or four numbers of four bytes each. */
void twos_of(int (*ask)(handle, void *, void *), const handle *of, int64_t count, int32_t *out) {
    for (int64_t n = 0; n < count; n++) ask(of[n], out + 2 * n, out + 2 * n + 1);
}

void fours_of(int (*ask)(handle, void *, void *, void *, void *), const handle *of, int64_t count, int32_t *out) {
    for (int64_t n = 0; n < count; n++) ask(of[n], out + 4 * n, out + 4 * n + 1, out + 4 * n + 2, out + 4 * n + 3);
}
