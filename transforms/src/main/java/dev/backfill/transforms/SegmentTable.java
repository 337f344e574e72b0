package dev.backfill.transforms;

import dev.backfill.io.dbn.SymbolTimeline;
import dev.backfill.schemas.BarSegment;
import dev.backfill.schemas.OptionParents;
import dev.backfill.schemas.Series;
import dev.backfill.schemas.Times;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The segments of one file: for each dated mapping of its metadata, cut where the contract's name
 * or delivery month changes, what the strings of its rows are. Finds the segment of a bar without
 * allocating. Immutable after {@link #build}.
 */
final class SegmentTable {
  /** The mapping is of a symbol that is not wanted from this file. */
  static final int NOT_WANTED = -1;

  /** The mapping is of a spread or other combination under a parent. */
  static final int NOT_OUTRIGHT = -2;

  /** After the root: CME's and Cboe's month and year, or ICE's. Spreads have other endings. */
  private static final Pattern OUTRIGHT_ENDING =
      Pattern.compile("/?[FGHJKMNQUVXZ]\\d{1,2}| +FM[FGHJKMNQUVXZ]00\\d\\d!");

  private static final Pattern CONTINUOUS = Pattern.compile("([A-Z0-9]+)\\.[cnv]\\.\\d+");
  private static final OptionParents OPTIONS = OptionParents.load();

  private final List<BarSegment> segments = new ArrayList<>();
  private final List<Integer> startDays = new ArrayList<>();
  private final int[] first;
  private final int[] verdict;
  private final long[][] wanted;
  private int[] starts = {};

  private SegmentTable(int mappings) {
    first = new int[mappings + 1];
    verdict = new int[mappings];
    wanted = new long[mappings][];
  }

  /**
   * Builds the table of one file.
   *
   * @param series the job's series, under any symbol
   * @param pieces what is wanted from the file
   */
  static SegmentTable build(
      SymbolTimeline timeline, ContractNames names, Series series, List<WantedPiece> pieces) {
    Map<String, List<WantedPiece>> bySymbol =
        pieces.stream().collect(Collectors.groupingBy(WantedPiece::symbol));
    SegmentTable table = new SegmentTable(timeline.all().size());
    for (int i = 0; i < timeline.all().size(); i++) {
      table.first[i] = table.segments.size();
      table.addMapping(i, timeline.mapped(i), names, series, bySymbol);
    }
    table.first[timeline.all().size()] = table.segments.size();
    table.starts = table.startDays.stream().mapToInt(Integer::intValue).toArray();
    return table;
  }

  List<BarSegment> segments() {
    return segments;
  }

  /**
   * What a bar of a mapping belongs to, and until when that stays so.
   *
   * @param timeNs of the bar, UTC nanoseconds
   * @param into its first value becomes the time from which to ask again, exclusive of the bar's;
   *     its second the segment's index, {@link #NOT_WANTED} or {@link #NOT_OUTRIGHT}
   * @param at where the first value goes
   */
  void find(int mapping, long timeNs, long[] into, int at) {
    into[at] = Long.MAX_VALUE;
    into[at + 1] = verdict[mapping];
    if (verdict[mapping] < 0) {
      return;
    }
    into[at + 1] = NOT_WANTED;
    long[] ranges = wanted[mapping];
    for (int i = 0; i < ranges.length; i += 2) {
      if (timeNs < ranges[i]) {
        into[at] = Math.min(into[at], ranges[i]);
      } else if (timeNs < ranges[i + 1]) {
        int segment = segment(mapping, Times.epochDay(timeNs));
        into[at] = Math.min(ranges[i + 1], endNs(mapping, segment));
        into[at + 1] = segment;
        return;
      }
    }
  }

  /** The segment of a mapping on one of its days. */
  private int segment(int mapping, int day) {
    int index = first[mapping + 1] - 1;
    while (index > first[mapping] && starts[index] > day) {
      index--;
    }
    return index;
  }

  private long endNs(int mapping, int segment) {
    return segment + 1 < first[mapping + 1] ? starts[segment + 1] * Times.DAY_NS : Long.MAX_VALUE;
  }

  private void addMapping(
      int index,
      SymbolTimeline.Mapped mapped,
      ContractNames names,
      Series series,
      Map<String, List<WantedPiece>> bySymbol) {
    String asked = series.isParent() ? series.symbol() : requested(mapped, series.stypeIn());
    List<WantedPiece> pieces = bySymbol.getOrDefault(asked, List.of());
    wanted[index] =
        pieces.stream()
            .flatMap(p -> List.of(p.startNs(), p.endNs()).stream())
            .mapToLong(Long::longValue)
            .toArray();
    if (pieces.isEmpty()) {
      verdict[index] = NOT_WANTED;
    } else if (series.isParent() && !isOutright(series.symbol(), mapped.symbol())) {
      verdict[index] = NOT_OUTRIGHT;
    } else {
      for (ContractNames.Named named : contracts(mapped, names, series.stypeIn())) {
        addSegments(mapped, named, series);
      }
    }
  }

  /** An id that was asked for is itself the symbol, also where it is mapped to its name. */
  static String requested(SymbolTimeline.Mapped mapped, String stypeIn) {
    return stypeIn.equals("instrument_id") ? Long.toString(mapped.instrumentId()) : mapped.symbol();
  }

  /** The contracts behind a mapping over all its days; an empty name where none is known. */
  private static List<ContractNames.Named> contracts(
      SymbolTimeline.Mapped mapped, ContractNames names, String stypeIn) {
    boolean isName =
        stypeIn.equals("instrument_id")
            ? !mapped.symbol().equals(requested(mapped, stypeIn))
            : !stypeIn.equals("continuous");
    if (isName) {
      return List.of(
          new ContractNames.Named((int) mapped.startDay(), (int) mapped.endDay(), mapped.symbol()));
    }
    List<ContractNames.Named> found = new ArrayList<>();
    int day = (int) mapped.startDay();
    for (ContractNames.Named n : names.of(mapped.instrumentId())) {
      int from = Math.max(n.startDay(), (int) mapped.startDay());
      int to = Math.min(n.endDay(), (int) mapped.endDay());
      if (from < to) {
        if (day < from) {
          found.add(new ContractNames.Named(day, from, ""));
        }
        found.add(new ContractNames.Named(from, to, n.contract()));
        day = to;
      }
    }
    if (day < (int) mapped.endDay()) {
      found.add(new ContractNames.Named(day, (int) mapped.endDay(), ""));
    }
    return found;
  }

  /** One segment a delivery month: a one-digit year names another month ten years on. */
  private void addSegments(SymbolTimeline.Mapped mapped, ContractNames.Named named, Series series) {
    int day = named.startDay();
    while (day < named.endDay()) {
      Optional<YearMonth> month = ContractMonth.of(named.contract(), LocalDate.ofEpochDay(day));
      int until = named.endDay();
      if (month.isPresent()) {
        until = (int) Math.min(until, ContractMonth.validBefore(month.get()).toEpochDay());
        until = Math.max(until, day + 1);
      }
      BarSegment segment = new BarSegment();
      segment.setSymbol(
          series.isParent()
              ? mapped.symbol()
              : series
                  .withSymbol(requested(mapped, series.stypeIn()))
                  .tableSymbol()
                  .orElse(mapped.symbol()));
      segment.setInstrumentId(mapped.instrumentId());
      if (!named.contract().isEmpty()) {
        segment.setContractSymbol(named.contract());
      }
      month.ifPresent(m -> segment.setContractMonth(m.atDay(1)));
      if (series.isParent()) {
        segment.setParentSymbol(series.symbol());
      }
      root(segment.getSymbol(), named.contract(), series).ifPresent(segment::setRoot);
      segment.setDataset(series.dataset());
      segment.setStypeIn(series.stypeIn());
      segment.setRequestedSymbol(
          series.isParent() ? series.symbol() : requested(mapped, series.stypeIn()));
      segment.setFirstDay(LocalDate.ofEpochDay(day));
      segment.setEndDay(LocalDate.ofEpochDay(until));
      segments.add(segment);
      startDays.add(day);
      day = until;
    }
  }

  /** Under a parent of options all options are outright, under others the single contracts. */
  private static boolean isOutright(String parent, String contract) {
    String root = parentRoot(parent);
    return OptionParents.isOptionParent(parent)
        ? OptionContract.isOf(root, contract)
        : contract.startsWith(root)
            && OUTRIGHT_ENDING.matcher(contract.substring(root.length())).matches();
  }

  /** The product's root; of an option the future's. Empty where the names do not tell. */
  private static Optional<String> root(String symbol, String contract, Series series) {
    if (series.isParent()) {
      String root = parentRoot(series.symbol());
      return Optional.of(
          OptionParents.isOptionParent(series.symbol()) ? OPTIONS.future(root).orElse(root) : root);
    }
    Matcher continuous = CONTINUOUS.matcher(symbol);
    if (continuous.matches()) {
      return Optional.of(continuous.group(1));
    }
    if (series.stypeIn().equals("continuous")) {
      return Optional.of(symbol);
    }
    return OptionContract.root(contract)
        .map(root -> OPTIONS.future(root).orElse(root))
        .or(() -> ContractMonth.root(contract));
  }

  private static String parentRoot(String parent) {
    return parent.substring(0, parent.indexOf('.'));
  }
}
