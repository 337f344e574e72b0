package dev.backfill.transforms;

import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.transforms.PlanInput.Again;
import dev.backfill.transforms.PlanInput.Known;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be done for one symbol, while the landing is gone through from the newest answer to
 * the oldest: for each instant the newest answer counts and the older ones do not. Used once, by
 * one thread.
 */
final class SymbolPlan {
  private final Coverage wanted;
  private final Coverage covered;
  private final List<Known> known;
  private final List<Again> again;
  private final long oldestLoadedNs;
  private final boolean isComplete;

  /** What an answer was found for, whether it is of use or not. */
  private Coverage seen = Coverage.NONE;

  /** What an answer was found for that is new enough. */
  private Coverage answered = Coverage.NONE;

  SymbolPlan(Coverage wanted, List<Known> known, List<Again> again) {
    this.wanted = wanted;
    this.known = known;
    this.again = again;
    this.covered = Coverage.of(known.stream().map(Known::interval).toList()).intersect(wanted);
    this.oldestLoadedNs = known.stream().mapToLong(Known::loadedAtNs).min().orElse(Long.MAX_VALUE);
    this.isComplete = again.isEmpty() && covered.covers(wanted);
  }

  Coverage covered() {
    return covered;
  }

  /** What is to be loaded of an answer that was asked for before all others that were given. */
  Coverage take(Interval held, long askedAtNs) {
    if (isComplete && askedAtNs <= oldestLoadedNs) {
      return Coverage.NONE;
    }
    Coverage mine = Coverage.of(held).intersect(wanted).minus(seen);
    if (mine.isEmpty()) {
      return mine;
    }
    seen = seen.union(mine);
    List<Interval> tooOld = new ArrayList<>();
    for (Again one : again) {
      if (one.sinceNs() > askedAtNs && one.interval().overlaps(held)) {
        tooOld.add(one.interval());
      }
    }
    Coverage good = mine.minus(Coverage.of(tooOld));
    answered = answered.union(good);
    return good.minus(covered).union(good.intersect(coveredBefore(held, askedAtNs)));
  }

  /** What a refusal is kept for: where nothing else is known. */
  Coverage takeRefusal(Interval held) {
    Coverage mine = Coverage.of(held).intersect(wanted).minus(seen).minus(covered);
    seen = seen.union(mine);
    return mine;
  }

  /** What is covered by something older than an answer; the known rows are in order of time. */
  private Coverage coveredBefore(Interval held, long askedAtNs) {
    int low = 0;
    int high = known.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (known.get(middle).interval().endNs() <= held.startNs()) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    List<Interval> older = new ArrayList<>();
    for (int i = low; i < known.size(); i++) {
      Known row = known.get(i);
      if (row.interval().startNs() >= held.endNs()) {
        break;
      }
      if (row.loadedAtNs() < askedAtNs) {
        older.add(row.interval());
      }
    }
    return Coverage.of(older);
  }

  /** What must be asked, once the whole landing was gone through. */
  Coverage toAsk() {
    Coverage anew = Coverage.of(again.stream().map(Again::interval).toList());
    return wanted.minus(covered).minus(seen).union(anew.intersect(wanted).minus(answered));
  }
}
