/* The inner loops of grids and texts, over arrays that numpy owns.
 *
 * Each does to the last digit what the function of the same name in Python does with numpy, which stands beside its
 * caller and is used where this file was not compiled: extract/pdf/rules.py, grid.py, pages.py, lines.py. A page has a
 * few hundred lines and characters; at that size numpy spends its time on being called. tests/test_pdf_loops.py holds
 * the two together.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef int64_t whole;
typedef const double *reals;

/* Sort `order` by two keys of each number in it; equal ones stay as they are. Mostly sorted already. */
static void sort_by(whole *order, whole count, reals major, reals minor, whole *spare) {
    if (count < 2) return;
#define AFTER(i, j) (major[i] > major[j] || (major[i] == major[j] && minor[i] > minor[j]))
    if (count <= 12) {
        for (whole n = 1; n < count; n++) {
            whole each = order[n], m = n;
            for (; m > 0 && AFTER(order[m - 1], each); m--) order[m] = order[m - 1];
            order[m] = each;
        }
        return;
    }
    whole half = count / 2;
    sort_by(order, half, major, minor, spare);
    sort_by(order + half, count - half, major, minor, spare);
    if (!AFTER(order[half - 1], order[half])) return;
    memcpy(spare, order, (size_t)half * sizeof *order);
    whole left = 0, right = half, to = 0;
    while (left < half && right < count)
        order[to++] = AFTER(spare[left], order[right]) ? order[right++] : spare[left++];
    while (left < half) order[to++] = spare[left++];
#undef AFTER
}

/* The group of each of sorted places: rules.py, `_snapped`. */
static void snap_in_groups(reals at, whole count, double closest, double *middle, double *group) {
    int wide = 0;
    for (whole n = 0, first = 0; n < count; n++) {
        if (n && at[n] - at[n - 1] >= closest) first = n;
        wide |= at[n] - at[first] >= closest;
    }
    for (whole first = 0, end, number = 0; first < count; first = end, number++) {
        for (end = first + 1; end < count; end++)
            if (wide ? at[end] >= at[first] + closest : at[end] - at[end - 1] >= closest) break;
        for (whole n = first; n < end; n++) {
            middle[n] = (at[first] + at[end - 1]) / 2;
            group[n] = (double)number;
        }
    }
}

/* Rules in line with each other made one: rules.py, `merged`. The rows of `out` are at, low and high; -1: no memory. */
whole merged(reals at, reals low, reals high, whole count, double snap, double join, double shortest, double far,
             double *out) {
    double *spaces = calloc((size_t)count * 5, sizeof(double));
    whole *wholes = malloc((size_t)count * 2 * sizeof(whole));
    whole found = -1;
    if (spaces && wholes) {
        double *place = spaces, *middle = place + count, *group = middle + count, *lows = group + count;
        double *nothing = lows + count, *out_at = out, *out_low = out + count, *out_high = out_low + count;
        whole *order = wholes, *spare = order + count;
        for (whole n = 0; n < count; n++) order[n] = n;
        sort_by(order, count, at, nothing, spare);
        for (whole n = 0; n < count; n++) place[n] = at[order[n]], lows[n] = low[order[n]], spare[n] = order[n];
        snap_in_groups(place, count, snap, middle, group);
        double lowest = lows[0], highest_low = lows[0], highest = high[0];
        for (whole n = 0; n < count; n++) {
            if (low[n] < lowest) lowest = low[n];
            if (low[n] > highest_low) highest_low = low[n];
            if (high[n] > highest) highest = high[n];
        }
        double most = highest > -lowest ? highest : -lowest;
        double apart = 2.0 * ((most > 0.0 ? most : 0.0) + highest_low + far);
        for (whole n = 0; n < count; n++) place[n] = high[spare[n]], order[n] = n; /* place is not needed any more */
        sort_by(order, count, group, lows, spare);
        double reach = 0, top = 0, first = 0, where = 0;
        found = 0;
        for (whole n = 0; n <= count; n++) {
            whole each = n < count ? order[n] : 0;
            double off = group[each] * apart;
            if (n == count || !n || lows[each] + off > reach + join) {
                if (n && top - first >= shortest) {
                    out_at[found] = where, out_low[found] = first, out_high[found++] = top;
                }
                where = middle[each], first = lows[each], top = place[each];
            }
            if (place[each] > top) top = place[each];
            if (!n || place[each] + off > reach) reach = place[each] + off;
        }
    }
    free(spaces);
    free(wholes);
    return found;
}

/* The last of sorted edges before a place; -1: none. */
static whole before(reals edges, whole count, double place) {
    whole low = 0, high = count;
    while (low < high) {
        whole middle = (low + high) / 2;
        if (edges[middle] < place) low = middle + 1; else high = middle;
    }
    return low - 1;
}

typedef struct {
    double *at, *low, *high, *places; /* rules sorted by `at`, and where they stand, each once */
    whole count, rows;
    uint8_t *runs; /* by place and step between the places of the others: whether a rule runs along the step */
    uint8_t *real; /* whether an edge parts cells anywhere */
} rules;

static whole index_of(const rules *of, whole n) {
    whole row = before(of->places, of->rows, of->at[n]) + 1;
    return row < of->rows ? row : of->rows - 1;
}

/* grid.py, `_covered`; `length` has room for each step of each place. */
static void cover(const rules *of, reals edges, whole steps, double reach, double *length) {
    for (whole n = 0; n < of->rows * steps; n++) length[n] = 0;
    for (whole n = 0; n < of->count; n++) {
        double *row = length + index_of(of, n) * steps;
        for (whole step = 0; step < steps; step++) {
            double from = edges[step] > of->low[n] ? edges[step] : of->low[n];
            double to = edges[step + 1] < of->high[n] ? edges[step + 1] : of->high[n];
            if (to - from > 0) row[step] += to - from;
        }
    }
    for (whole row = 0; row < of->rows; row++) {
        of->real[row] = !row || row == of->rows - 1;
        for (whole step = 0; step < steps; step++) {
            double width = edges[step + 1] - edges[step], most = width - 2 * reach;
            int runs = length[row * steps + step] >= (0.5 * width > most ? 0.5 * width : most);
            of->runs[row * steps + step] = (uint8_t)runs;
            of->real[row] |= (uint8_t)runs;
        }
    }
}

/* Without the places that part nothing, and their rules; whether there were any. */
static int thin_out(rules *of) {
    whole rows = 0, count = 0;
    for (whole n = 0; n < of->count; n++)
        if (of->real[index_of(of, n)])
            of->at[count] = of->at[n], of->low[count] = of->low[n], of->high[count++] = of->high[n];
    for (whole row = 0; row < of->rows; row++)
        if (of->real[row]) of->places[rows++] = of->places[row];
    int fewer = rows < of->rows;
    of->rows = rows, of->count = count;
    return fewer;
}

static double *kept(rules *of, reals at, reals low, reals high, whole count, double *room) {
    of->at = room, of->low = room + count, of->high = room + 2 * count, of->places = room + 3 * count;
    of->count = count, of->rows = 0;
    memcpy(of->at, at, (size_t)count * sizeof *at);
    memcpy(of->low, low, (size_t)count * sizeof *low);
    memcpy(of->high, high, (size_t)count * sizeof *high);
    for (whole n = 0; n < count; n++)
        if (!n || at[n] != at[n - 1]) of->places[of->rows++] = at[n];
    return room + 4 * count;
}

/* Crossing rules, sorted, to edges and what runs between cells: grid.py, `_grid`. `size` gets the numbers of level and
 * upright edges (0: no grid), `edges` first those, then these, `level` and `upright` are as in Grid. */
whole grid_of(reals y, reals left, reals right, whole level_count, reals x, reals top, reals bottom, whole upright_count,
              double reach, whole most, whole *size, double *edges, uint8_t *level, uint8_t *upright) {
    rules rows, columns;
    double *room = malloc((size_t)(level_count + upright_count) * 4 * sizeof(double)), *length = NULL;
    uint8_t *flags = malloc((size_t)(level_count + upright_count) + 1);
    whole failed = !room || !flags;
    size[0] = size[1] = 0;
    if (!failed) {
        kept(&columns, x, top, bottom, upright_count, kept(&rows, y, left, right, level_count, room));
        rows.real = flags, columns.real = flags + level_count;
        if (rows.rows * columns.rows <= most) {
            length = malloc((size_t)(rows.rows * columns.rows) * sizeof(double));
            columns.runs = malloc((size_t)(rows.rows * columns.rows));
            rows.runs = level;
            failed = !length || !columns.runs;
            while (!failed && rows.rows >= 2 && columns.rows >= 2) {
                cover(&rows, columns.places, columns.rows - 1, reach, length);
                cover(&columns, rows.places, rows.rows - 1, reach, length);
                int fewer = thin_out(&rows);
                if (thin_out(&columns) || fewer) continue;
                size[0] = rows.rows, size[1] = columns.rows;
                memcpy(edges, rows.places, (size_t)rows.rows * sizeof(double));
                memcpy(edges + rows.rows, columns.places, (size_t)columns.rows * sizeof(double));
                for (whole column = 0; column < columns.rows; column++)
                    for (whole row = 0; row < rows.rows - 1; row++)
                        upright[row * columns.rows + column] = columns.runs[column * (rows.rows - 1) + row];
                break;
            }
            free(columns.runs);
        }
    }
    free(length);
    free(flags);
    free(room);
    return failed ? -1 : 0;
}

/* Which level and upright rules hang together by touching: grid.py, `_components`. -1 for those that touch none. */
whole components(reals y, reals left, reals right, whole rows, reals x, reals top, reals bottom, whole columns,
                 double reach, whole *of_row, whole *of_column) {
    whole *waiting = malloc((size_t)(rows + columns) * sizeof(whole)), found = 0;
    if (!waiting) return -1;
    for (whole n = 0; n < rows; n++) of_row[n] = -1;
    for (whole n = 0; n < columns; n++) of_column[n] = -1;
#define TOUCHES(r, c)                                                                                                  \
    (x[c] >= left[r] - reach && x[c] <= right[r] + reach && y[r] >= top[c] - reach && y[r] <= bottom[c] + reach)
    for (whole start = 0; start < rows; start++) {
        if (of_row[start] >= 0) continue;
        whole left_to_do = 0, touched = 0;
        waiting[left_to_do++] = start;
        while (left_to_do) {
            whole each = waiting[--left_to_do];
            if (each < rows) {
                for (whole c = 0; c < columns; c++)
                    if (of_column[c] < 0 && TOUCHES(each, c)) {
                        of_column[c] = found, of_row[each] = found, touched = 1;
                        waiting[left_to_do++] = rows + c;
                    }
            } else {
                for (whole r = 0; r < rows; r++)
                    if (of_row[r] < 0 && TOUCHES(r, each - rows)) {
                        of_row[r] = found;
                        if (r != start) waiting[left_to_do++] = r;
                    }
            }
        }
        found += touched;
    }
#undef TOUCHES
    free(waiting);
    return found;
}

/* The cells of a grid: grid.py, `slots_of`. The rows of `out` are row, col, row_span and col_span. */
whole slots(const uint8_t *level, const uint8_t *upright, whole height, whole width, whole *owner, whole *out) {
    whole found = 0, most = height * width;
    for (whole n = 0; n < most; n++) owner[n] = -1;
    for (whole row = 0; row < height; row++)
        for (whole col = 0; col < width; col++) {
            if (owner[row * width + col] >= 0) continue;
            whole right = col + 1, down = row + 1;
            while (right < width && !upright[row * (width + 1) + right] && owner[row * width + right] < 0) right++;
            for (; down < height; down++) {
                const uint8_t *sides = upright + down * (width + 1);
                int open = right == width || sides[right];
                for (whole c = col; open && c < right; c++)
                    open = !level[down * width + c] && owner[down * width + c] < 0 && !(c > col && sides[c]);
                if (!open) break;
            }
            for (whole r = row; r < down; r++)
                for (whole c = col; c < right; c++) owner[r * width + c] = found;
            out[found] = row, out[most + found] = col;
            out[2 * most + found] = down - row, out[3 * most + found++] = right - col;
        }
    return found;
}

/* The cell of a grid in which each point lies that has none yet, numbered from `first`: pages.py, `_owners`. */
void owners(reals x, reals y, whole count, reals xs, whole width, reals ys, whole height, const whole *cells,
            whole first, whole *owner) {
    whole col = -1, row = -1;
    for (whole n = 0; n < count; n++) {
        if (owner[n] >= 0) continue;
        /* mostly the cell of the character before */
        if (!(col >= 0 && col < width - 1 && xs[col] < x[n] && x[n] <= xs[col + 1])) col = before(xs, width, x[n]);
        if (!(row >= 0 && row < height - 1 && ys[row] < y[n] && y[n] <= ys[row + 1])) row = before(ys, height, y[n]);
        if (col >= 0 && row >= 0 && col < width - 1 && row < height - 1)
            owner[n] = cells[row * (width - 1) + col] + first;
    }
}

/* Which characters may go on in another cell: clips.py, `_crossing`; `range` gets the least and the most clips. */
whole crossings(const whole *owner, const whole *run, const whole *number, const whole *turn, whole count,
                const whole *clips, whole *out, whole *range) {
    whole found = 0;
    for (whole n = 0; n < count; n++) {
        whole own = clips[run[n]];
        if (!n || own < range[0]) range[0] = own;
        if (!n || own > range[1]) range[1] = own;
        if (n + 1 < count && owner[n + 1] != owner[n] && run[n + 1] == run[n] && number[n + 1] == number[n] + 1 &&
            !turn[n + 1])
            out[found++] = n;
    }
    return found;
}

/* Characters to texts: lines.py, `texts_of`. */

typedef struct {
    reals u, v, end, size, box; /* `box` has the rows x0, top, x1, bottom; NULL: upright text, whose u and v are x and y */
    const whole *group, *owner, *code, *spaced, *number, *turn;
    const uint8_t *kinds; /* of code points up to the last of the plane: HAN, WORD, COMMA */
    whole count, loose;
    double baseline, twice, word, tab, touch, ascent, descent, few, nearly, parted, over;
} text;

enum { HAN = 1, WORD = 2, COMMA = 4 };
enum { NOTHING, SPACE, NEWLINE };
enum { GUESSED = 1, WRITTEN = 2, BEHIND = 4 };

static int kind(const text *of, whole n) {
    whole code = of->code[n];
    if (code < 0x10000) return of->kinds[code];
    return code >= 0x20000 && code < 0x33480 ? HAN : 0;
}

/* The reading order without what is drawn twice, and the line of each character in it. */
static whole in_order(const text *of, whole *order, whole *line, double *key, whole *spare) {
    for (whole n = 0; n < of->count; n++) order[n] = n, key[n] = (double)of->group[n];
    sort_by(order, of->count, key, of->v, spare);
    whole number = 0, kept = 0;
    double *by_line = key + of->count;
    for (whole n = 0; n < of->count; n++) {
        whole each = order[n], last = n ? order[n - 1] : each;
        double size = of->size[each] > of->size[last] ? of->size[each] : of->size[last];
        number += n && (of->v[each] - of->v[last] > of->baseline * size || of->group[each] != of->group[last]);
        by_line[each] = (double)number;
    }
    sort_by(order, of->count, by_line, of->u, spare);
    memcpy(spare, order, (size_t)of->count * sizeof *order);
    for (whole n = 0; n < of->count; n++) {
        whole each = spare[n];
        int again = 0;
        for (whole back = 1; back <= 2 && back <= n; back++) {
            whole other = spare[n - back];
            again |= of->u[each] - of->u[other] < of->twice * of->size[each] && of->code[each] == of->code[other] &&
                     by_line[each] == by_line[other];
        }
        if (!again) order[kept] = each, line[kept++] = (whole)by_line[each];
    }
    return kept;
}

static double gap(const text *of, const whole *order, whole n) {
    if (!n) return 0;
    double size = of->size[order[n]];
    return (of->u[order[n]] - of->end[order[n - 1]]) / (size > 0.01 ? size : 0.01);
}

static int guessed(const text *of, const whole *order, whole n) {
    return of->spaced[order[n]] % BEHIND == GUESSED && gap(of, order, n) > of->touch;
}

/* Whether a page has gaps in place of spaces: lines.py, `_leaves_spaces_out`. */
static int leaves_spaces_out(const text *of, const whole *order, whole count) {
    int loose = 0;
    for (whole n = 0; n < count; n++) {
        if (of->spaced[order[n]] % BEHIND == WRITTEN) return 0;
        int last = n ? kind(of, order[n - 1]) : 0;
        if (last & COMMA && of->spaced[order[n]] % BEHIND == GUESSED) loose = 1;
        if (guessed(of, order, n) && gap(of, order, n) < of->word && !((kind(of, order[n]) | last) & HAN)) loose = 1;
    }
    return loose;
}

/* Whether gaps stand between Han characters and Latin words nearly everywhere: lines.py, `_sets_apart`. */
static int sets_apart(const text *of, const whole *order, whole count) {
    whole near = 0, open = 0;
    for (whole n = 1; n < count; n++) {
        int here = kind(of, order[n]), last = kind(of, order[n - 1]);
        double room = gap(of, order, n);
        if (!((here & HAN && last & WORD) || (last & HAN && here & WORD)) || !(fabs(room) < of->word)) continue;
        near++, open += room > of->touch;
    }
    return near > of->few && (double)open > of->nearly * (double)near;
}

static int in_line(const text *of, const whole *order, whole n, int loose) {
    double room = gap(of, order, n);
    int written = of->spaced[order[n]] % BEHIND == WRITTEN;
    if (room > of->tab || (written && (room > of->touch || of->turn[order[n]]))) return SPACE;
    if (!guessed(of, order, n)) return NOTHING;
    if (room >= of->word) return SPACE;
    int here = kind(of, order[n]), last = n ? kind(of, order[n - 1]) : 0;
    int tight = here & last & HAN || (!loose && ((here & HAN && last & WORD) || (last & HAN && here & WORD)));
    return tight ? NOTHING : SPACE;
}

static int after_line(const text *of, const whole *order, whole n) {
    whole each = order[n], last = order[n - 1];
    int wraps = of->spaced[each] % BEHIND == WRITTEN && of->number[each] > of->number[last];
    wraps |= of->spaced[last] >= BEHIND;
    return wraps && of->v[each] - of->v[last] < 3 * of->size[each] ? SPACE : NEWLINE;
}

static int ends_with_comma(const text *of, whole each) {
    return of->spaced[each] >= BEHIND && kind(of, each) & COMMA && of->owner[each] < of->loose;
}

static double side_of(const text *of, whole n, int side) {
    if (of->box) return of->box[side * of->count + n];
    if (side % 2) return of->v[n] + (side == 1 ? -of->ascent : of->descent) * of->size[n];
    return side ? of->end[n] : of->u[n];
}

/* Fills `out` with all texts and `ends` with where each ends, `of_piece` with their owners, `boxes` with their boxes,
 * rounded to hundredths, by row. Gives the number of texts; -1: no memory. `out` has room for three times the characters;
 * `odd` counts the gaps that may part two texts of a cell, and the characters that stand over the one before. */
whole texts(const text *of, uint32_t *out, whole *ends, whole *of_piece, double *boxes, whole *odd) {
    whole *wholes = malloc((size_t)of->count * 3 * sizeof(whole));
    double *key = malloc((size_t)of->count * 2 * sizeof(double));
    whole found = -1, to = 0;
    if (wholes && key) {
        whole *order = wholes, *line = order + of->count;
        whole count = in_order(of, order, line, key, line + of->count);
        int loose = leaves_spaces_out(of, order, count) && !sets_apart(of, order, count);
        for (whole n = 0; n < count; n++) {
            whole each = order[n], last = n ? order[n - 1] : -1;
            int fresh = !n || line[n] != line[n - 1];
            int cut = !n || of->owner[each] != of->owner[last] || (fresh && of->owner[each] >= of->loose);
            if (cut) {
                if (n && ends_with_comma(of, last)) out[to++] = ' ';
                if (n) ends[found] = to;
                of_piece[++found] = of->owner[each];
                for (int side = 0; side < 4; side++) boxes[side * of->count + found] = side_of(of, each, side);
            } else {
                int between = fresh ? after_line(of, order, n) : in_line(of, order, n, loose);
                if (between) out[to++] = between == SPACE ? ' ' : '\n';
                double room = fresh || of->turn[each] ? 0 : gap(of, order, n);
                odd[0] += of->owner[each] < of->loose && room > of->parted;
                odd[1] += room < 0 && of->u[each] - of->end[last] < of->over * (of->end[last] - of->u[last]) &&
                          of->number[each] != of->number[last] + 1; /* unlike a ligature */
                for (int side = 0; side < 4; side++) {
                    double edge = side_of(of, each, side), *most = boxes + side * of->count + found;
                    if (side < 2 ? edge < *most : edge > *most) *most = edge;
                }
            }
            out[to++] = (uint32_t)of->code[each];
        }
        if (count) {
            if (ends_with_comma(of, order[count - 1])) out[to++] = ' ';
            ends[found] = to;
        }
        found++;
        for (whole at = 0; at < 4 * of->count; at += of->count)
            for (whole n = 0; n < found; n++) boxes[at + n] = rint(boxes[at + n] * 100) / 100;
    }
    free(wholes);
    free(key);
    return found;
}
