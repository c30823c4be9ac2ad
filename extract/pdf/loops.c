/* Loops over calls of PDFium, which answers for one character, object or segment a call.
 *
 * Nothing here knows PDFium but for the shapes of its functions: their addresses come with each call. `of` is the page,
 * text or path that is asked, `which` the numbers asked for, `out` where the answers go. extract/pdf/bulk.py, chars.py
 * and paths.py do the same in Python, for where this file was not compiled.
 */
#include <math.h>
#include <stddef.h>
#include <stdint.h>

typedef void *handle;

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

void places_in(int (*ask)(handle, int, void *), handle of, const int64_t *which, int64_t count, char *out,
               int64_t size) {
    for (int64_t n = 0; n < count; n++) ask(of, (int)which[n], out + n * size);
}

void places_of(int (*ask)(handle, void *), const handle *of, int64_t count, char *out, int64_t size) {
    for (int64_t n = 0; n < count; n++) ask(of[n], out + n * size);
}

/* The characters of a text page, in two steps: chars.py, `read_chars`. */

typedef int (*fill)(handle, int, void *);

typedef struct {
    handle (*object)(handle, int);
    double (*size)(handle, int);
    fill matrix, loose_box;
    int (*origin)(handle, int, double *, double *);
    int (*mode)(handle);
    handle (*clip)(handle);
    int (*clips)(handle);
    int (*colour)(handle, unsigned *, unsigned *, unsigned *, unsigned *);
    unsigned (*code)(handle, int);
} text_calls;

enum { INVISIBLE = 3, CLIP = 7 }; /* render modes that paint nothing */

/* Runs of one text object, for each its first character, its object (0: invented by PDFium), its quarter turns, by how
 * many paths it is clipped, whether it is white and whether it is seen (painted, not slanted) in the rows of `wholes`,
 * its size in points in `sizes`. For each character its run and its code. `tally`: how many characters that are seen
 * have each of the four turns, how many are not painted, how many are, how many codes have to be looked at closer. */
int64_t runs_of(const text_calls *ask, handle text, int64_t count, const double *frame, double scale, double slant,
                const uint8_t *maybe, int64_t *code, int64_t *wholes, double *sizes, int64_t *tally) {
    int64_t *run = code + count, *start = wholes, *head = start + count, *turn = head + count, found = -1;
    int64_t *clips = turn + count, *white = clips + count, *seen = white + count, painted = 0;
    for (int64_t n = 0; n < count; n++) {
        int64_t object = (int64_t)(intptr_t)ask->object(text, (int)n);
        handle of = (handle)(intptr_t)object;
        code[n] = ask->code(text, (int)n);
        tally[6] += code[n] < 0x10000 && maybe[code[n]];
        if (!n || object != head[found]) {
            float m[6] = {0};
            unsigned part[4] = {0};
            start[++found] = n, head[found] = object;
            int mode = ask->mode(of);
            painted = mode != INVISIBLE && mode != CLIP;
            clips[found] = ask->clips(ask->clip(of));
            ask->colour(of, part, part + 1, part + 2, part + 3);
            white[found] = object && part[0] >= 250 && part[1] >= 250 && part[2] >= 250;
            ask->matrix(text, (int)n, m);
            double along = atan2(frame[1] * m[0] + frame[3] * m[1], frame[0] * m[0] + frame[2] * m[1]) * (2 / M_PI);
            double nearest = rint(along);
            turn[found] = ((int64_t)nearest + 4) % 4;
            seen[found] = object && painted && fabs(along - nearest) * 90 < slant;
            sizes[found] = ask->size(text, (int)n) * hypot(m[2], m[3]) * scale;
        }
        run[n] = found;
        tally[turn[found]] += seen[found];
        tally[4] += !painted, tally[5] += object && painted;
    }
    return found + 1;
}

typedef struct {
    const int64_t *code, *run, *head, *turn, *seen; /* the last three of each run */
    const double *size;                             /* likewise */
    const uint8_t *spaces, *known;                  /* of code points: whether one to U+3001 is a space, one is known */
    int64_t count, quarters;                        /* by which the page is turned */
    double matrix[6], width, height; /* of the page as shown */
} shown;

static double across(const double *m, double x, double y) {
    return m[1] || m[2] ? m[0] * x + m[2] * y + m[4] : m[0] * x + m[4];
}

static double down(const double *m, double x, double y) {
    return m[1] || m[2] ? m[1] * x + m[3] * y + m[5] : m[3] * y + m[5];
}

static int is_space(const shown *of, int64_t n) {
    int64_t code = of->code[n];
    if (code >= 0x3001 || !(code <= 0x20 || of->spaces[code])) return 0;
    int control = code < 0x20 && code != 0x09 && code != 0x0A && code != 0x0D;
    return !(control && of->head[of->run[n]]);
}

static double end_of(const text_calls *ask, handle text, int64_t n, const double *m) {
    float box[4] = {0};
    ask->loose_box(text, (int)n, box);
    double left = across(m, box[0], box[1]), right = across(m, box[2], box[3]);
    return left > right ? left : right;
}

/* The characters that are seen and no spaces: code, turn, spaced, number and run in the rows of `wholes`; x, y, end and
 * size in the rows of `reals`. Gives how many; `odd`: how many of them stand off the page, and are not known. */
int64_t chars_of(const text_calls *ask, handle text, const shown *of, int64_t *wholes, double *reals, int64_t *odd) {
    int64_t count = of->count, found = 0, before = 0, met = 0;
    double *x = reals, *y = x + count, *ends = y + count, *sizes = ends + count;
    for (int64_t n = 0; n < count; n++) { /* all are placed first; those that are seen move to the front below */
        double origin[2] = {0};
        ask->origin(text, (int)n, origin, origin + 1);
        x[n] = across(of->matrix, origin[0], origin[1]), y[n] = down(of->matrix, origin[0], origin[1]);
    }
    for (int64_t n = 0; n < count; n++) {
        int64_t run = of->run[n], more = n + 1 < count;
        if (is_space(of, n)) {
            int made = more && x[n + 1] == x[n] && y[n + 1] == y[n];
            if (of->head[run] && !made) before = 2;
            else if (of->code[n] == 0x20 && !before) before = 1;
            if (!met) before = 0;
            continue;
        }
        if (of->seen[run]) {
            int last = !more || of->run[n + 1] != run, behind = !last && is_space(of, n + 1);
            double size = of->size[run], end = more ? x[n + 1] : 0, from = x[n];
            if (last || end - from > 2 * size || end <= from || (n + 2 < count && x[n + 2] <= x[n + 1]))
                end = end_of(ask, text, n, of->matrix);
            wholes[found] = of->code[n], wholes[count + found] = (of->turn[run] - of->quarters + 4) % 4;
            wholes[2 * count + found] = before + 4 * behind;
            wholes[3 * count + found] = n, wholes[4 * count + found] = run;
            odd[0] += !(from > -size && from < of->width && y[n] > 0 && y[n] < of->height + size);
            odd[1] += of->code[n] >= 0x10000 || !of->known[of->code[n]];
            x[found] = from, y[found] = y[n], ends[found] = end, sizes[found++] = size;
        }
        before = 0, met = 1;
    }
    return found;
}

/* The objects of a page, and their types. */
void objects_of(handle (*ask)(handle, int), int (*kind)(handle), handle page, int64_t count, handle *out,
                int64_t *kinds) {
    for (int64_t n = 0; n < count; n++) out[n] = ask(page, (int)n), kinds[n] = kind(out[n]);
}

/* The paths of a page that their bounds tell: paths.py, `_parts`. */

typedef struct {
    int (*segments)(handle);
    int (*mode)(handle, int *, int *);
    int (*bounds)(handle, float *, float *, float *, float *);
    int (*colour)(handle, unsigned *, unsigned *, unsigned *, unsigned *);
    handle (*segment)(handle, int);
    int (*point)(handle, float *, float *);
} path_calls;

enum { SHAPE = -2, NOTHING, LINE, OPEN, FILL };
enum { DASHES = 20, SAMPLES = 4 };

/* paths.py, `_is_dashed`. */
static int is_dashed(const path_calls *ask, handle path, int64_t size, double thick) {
    float box[4], at[2] = {0};
    if (!ask->bounds(path, box, box + 1, box + 2, box + 3)) return 0;
    double width = (double)box[2] - box[0], height = (double)box[3] - box[1], first = 0;
    double most = width > height ? width : height, least = width > height ? height : width;
    if (least > thick || most * 5 / (double)size > 2 * thick) return 0;
    int64_t step = size / SAMPLES > 1 ? size / SAMPLES : 1, last = (size - 1) / step * step;
    double pitch = 0;
    for (int pass = 0; pass < 3; pass++)
        for (int64_t n = pass == 1 ? last : 0; n < (pass ? size : 1); n += step) {
            ask->point(ask->segment(path, (int)n), at, at + 1);
            double place = at[width > height ? 0 : 1];
            if (pass == 0) first = place;
            if (pass == 1) pitch = (place - first) / (double)(last > 1 ? last : 1);
            double off = first + (double)n * pitch - place;
            if (pass == 2 && !((off < 0 ? -off : off) < 2 * thick)) return 0;
        }
    return 1;
}

/* Red, green, blue and alpha in one number. */
static int64_t colour_of(const path_calls *ask, handle path) {
    unsigned part[4] = {0};
    ask->colour(path, part, part + 1, part + 2, part + 3);
    return (int64_t)part[0] << 24 | (int64_t)part[1] << 16 | (int64_t)part[2] << 8 | (int64_t)part[3];
}

/* Kind, number of segments, whether filled and whether stroked in the rows of `wholes`, x0, y0, x1 and y1 in those of
 * `reals`. What is OPEN has to be looked at point by point. `form` (NULL: none) leads to the page, `frame` on. */
void plain_of(const path_calls *ask, const handle *paths, int64_t count, const double *form, const double *frame,
              double thick, int64_t *wholes, double *reals) {
    for (int64_t n = 0; n < count; n++) {
        int fill = 0, stroke = 0, size = ask->segments(paths[n]);
        float side[4] = {0};
        double x[2], y[2];
        ask->mode(paths[n], &fill, &stroke);
        fill = fill != 0, stroke = stroke != 0, size = size > 0 ? size : 0;
        wholes[count + n] = size, wholes[2 * count + n] = fill, wholes[3 * count + n] = stroke;
        wholes[n] = fill || stroke ? OPEN : NOTHING;
        if (fill && !stroke ? size > 5 && !(size >= DASHES && is_dashed(ask, paths[n], size, thick))
                            : !(stroke && !fill && size == 2))
            continue;
        ask->bounds(paths[n], side, side + 1, side + 2, side + 3);
        for (int end = 0; end < 2; end++) {
            double px = side[2 * end], py = side[2 * end + 1];
            if (form) {
                double moved = form[0] * px + form[2] * py + form[4];
                py = form[1] * px + form[3] * py + form[5], px = moved;
            }
            x[end] = across(frame, px, py), y[end] = down(frame, px, py);
        }
        double left = x[0] < x[1] ? x[0] : x[1], right = x[0] < x[1] ? x[1] : x[0];
        double top = y[0] < y[1] ? y[0] : y[1], bottom = y[0] < y[1] ? y[1] : y[0];
        double least = right - left < bottom - top ? right - left : bottom - top, inset = stroke ? least / 2 : 0;
        reals[n] = left + inset, reals[count + n] = top + inset;
        reals[2 * count + n] = right - inset, reals[3 * count + n] = bottom - inset;
        if (least <= (stroke ? 4 * thick : thick)) wholes[n] = LINE;
        else wholes[n] = stroke ? NOTHING : FILL + colour_of(ask, paths[n]);
    }
}

/* A row of two or four numbers of four bytes each. */
void twos_of(int (*ask)(handle, void *, void *), const handle *of, int64_t count, int32_t *out) {
    for (int64_t n = 0; n < count; n++) ask(of[n], out + 2 * n, out + 2 * n + 1);
}

void fours_of(int (*ask)(handle, void *, void *, void *, void *), const handle *of, int64_t count, int32_t *out) {
    for (int64_t n = 0; n < count; n++) ask(of[n], out + 4 * n, out + 4 * n + 1, out + 4 * n + 2, out + 4 * n + 3);
}
