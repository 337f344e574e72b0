package dev.backfill.io.databento;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LandingSlotsTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(20);

  private final List<String> givenBack = new ArrayList<>();
  private final Set<String> begun = Collections.synchronizedSet(new TreeSet<>());
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final CountDownLatch never = new CountDownLatch(1);
  private LandingSlots<String> slots;

  /** What happens to a chunk. */
  @FunctionalInterface
  private interface Landing {
    void land(Chunk chunk, LandingSession.Sink into) throws Exception;
  }

  private void open(int size, Duration patience, Landing landing) {
    slots =
        new LandingSlots<>(
            size,
            patience,
            () -> {
              opened.incrementAndGet();
              return new FakeSlot(landing);
            },
            landed -> givenBack.add(landed.place()));
  }

  private final class FakeSlot implements LandingSlots.Slot {
    private final Landing landing;

    FakeSlot(Landing landing) {
      this.landing = landing;
    }

    @Override
    public void land(Chunk chunk, LandingSession.Sink into) throws IOException {
      begun.add(chunk.getSymbols().get(0));
      try {
        landing.land(chunk, into);
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      } catch (Exception e) {
        throw new IOException(e);
      }
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  @AfterEach
  void close() {
    never.countDown();
    slots.close();
  }

  private void accept(String... symbols) throws IOException {
    for (String symbol : symbols) {
      slots.accept(symbol, Chunks.continuous(symbol));
    }
  }

  private static FutureTask<Void> task(Callable<Void> task) {
    return new FutureTask<>(task);
  }

  /** Returns when the thread waits for others. */
  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING) {
      assertThat(thread.getState() == Thread.State.TERMINATED, equalTo(false));
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void asManyAreUnderWayAtOnceAsThereAreSlots() throws IOException {
    CyclicBarrier together = new CyclicBarrier(3);
    open(3, LONG, (chunk, into) -> together.await(20, TimeUnit.SECONDS));
    accept("A", "B", "C", "D", "E", "F");
    slots.finish();
    assertThat(givenBack, containsInAnyOrder("A", "B", "C", "D", "E", "F"));
    assertThat(opened.get(), equalTo(3));
    slots.close();
    assertThat(closed.get(), equalTo(3));
  }

  @Test
  void fewChunksOpenFewSessions() throws IOException {
    open(8, LONG, (chunk, into) -> {});
    slots.finish();
    assertThat(opened.get(), equalTo(0));
    accept("A");
    slots.finish();
    assertThat(opened.get(), equalTo(1));
    assertThat(givenBack, equalTo(List.of("A")));
  }

  @Test
  void theSlotsServeOneBundleAfterAnother() throws IOException {
    open(2, LONG, (chunk, into) -> {});
    for (String bundle : List.of("1", "2", "3")) {
      accept("A" + bundle, "B" + bundle);
      slots.finish();
    }
    assertThat(givenBack, containsInAnyOrder("A1", "B1", "A2", "B2", "A3", "B3"));
    assertThat(opened.get(), lessThanOrEqualTo(2));
  }

  @Test
  void noMoreIsTakenThanTwiceTheSlots() throws Exception {
    CountDownLatch free = new CountDownLatch(1);
    open(2, LONG, (chunk, into) -> free.await());
    AtomicInteger taken = new AtomicInteger();
    FutureTask<Void> feeding =
        task(
            () -> {
              for (String symbol : List.of("A", "B", "C", "D", "E")) {
                accept(symbol);
                taken.incrementAndGet();
              }
              slots.finish();
              return null;
            });
    Thread feeder = new Thread(feeding);
    feeder.start();
    while (taken.get() < 4) {
      LockSupport.parkNanos(1_000_000);
    }
    awaitWaiting(feeder);
    assertThat(taken.get(), equalTo(4));
    assertThat(begun.size(), lessThanOrEqualTo(2));
    free.countDown();
    feeding.get();
    assertThat(givenBack, hasSize(5));
  }

  @Test
  void whatHasEndedIsGivenBackWhileOthersCome() throws IOException {
    open(3, LONG, (chunk, into) -> {});
    int kept = 0;
    for (int i = 0; i < 500; i++) {
      accept("S" + i);
      kept = Math.max(kept, i + 1 - givenBack.size());
    }
    slots.finish();
    assertThat(kept, lessThanOrEqualTo(6));
    assertThat(
        givenBack,
        containsInAnyOrder(IntStream.range(0, 500).mapToObj(i -> "S" + i).toArray(String[]::new)));
  }

  @Test
  void theFirstFailureIsThrownWhenTheOthersHaveEnded() throws Exception {
    CountDownLatch free = new CountDownLatch(1);
    CountDownLatch both = new CountDownLatch(2);
    AtomicInteger ended = new AtomicInteger();
    IOException failure = new IOException("the disk is full");
    open(
        2,
        LONG,
        (chunk, into) -> {
          both.countDown();
          both.await();
          if (chunk.getSymbols().contains("B")) {
            throw failure;
          }
          free.await();
          ended.incrementAndGet();
        });
    accept("A", "B", "C");
    AtomicInteger endedBefore = new AtomicInteger();
    FutureTask<Void> finishing =
        task(
            () -> {
              IOException e = assertThrows(IOException.class, slots::finish);
              endedBefore.set(ended.get());
              assertThat(e, sameInstance(failure));
              return null;
            });
    Thread finisher = new Thread(finishing);
    finisher.start();
    both.await();
    awaitWaiting(finisher);
    free.countDown();
    finishing.get();
    assertThat(endedBefore.get(), equalTo(1));
    assertThat(begun, containsInAnyOrder("A", "B"));
    assertThat(givenBack, empty());
  }

  @Test
  void aSessionThatCannotBeOpenedFailsTheBundle() {
    slots =
        new LandingSlots<>(
            2,
            LONG,
            () -> {
              throw new IOException("no key");
            },
            landed -> givenBack.add(landed.place()));
    IOException e =
        assertThrows(
            IOException.class,
            () -> {
              accept("A");
              slots.finish();
            });
    assertThat(e.getMessage(), equalTo("no key"));
  }

  @Test
  void errorsAreNotLost() {
    open(
        1,
        LONG,
        (chunk, into) -> {
          throw new AssertionError("broken");
        });
    AssertionError e =
        assertThrows(
            AssertionError.class,
            () -> {
              accept("A");
              slots.finish();
            });
    assertThat(e.getMessage(), equalTo("broken"));
  }

  @Test
  void anInterruptLetsWhatIsUnderWayEnd() throws Exception {
    CountDownLatch free = new CountDownLatch(1);
    CountDownLatch begins = new CountDownLatch(1);
    AtomicInteger ended = new AtomicInteger();
    open(
        1,
        LONG,
        (chunk, into) -> {
          begins.countDown();
          free.await();
          ended.incrementAndGet();
        });
    accept("A", "B");
    FutureTask<Void> finishing =
        task(
            () -> {
              IOException e = assertThrows(IOException.class, slots::finish);
              assertThat(e, instanceOf(InterruptedIOException.class));
              assertThat(Thread.currentThread().isInterrupted(), equalTo(true));
              return null;
            });
    Thread finisher = new Thread(finishing);
    finisher.start();
    begins.await();
    finisher.interrupt();
    // Until it waits for the threads to end: who is woken by both may be told of the end alone.
    while (finisher.getState() != Thread.State.TIMED_WAITING) {
      assertThat(finisher.getState() == Thread.State.TERMINATED, equalTo(false));
      LockSupport.parkNanos(1_000_000);
    }
    // Runners interrupt more than once.
    finisher.interrupt();
    free.countDown();
    finishing.get();
    assertThat(ended.get(), equalTo(1));
    assertThat(begun, containsInAnyOrder("A"));
    assertThat(closed.get(), equalTo(1));
  }

  @Test
  void whatDoesNotEndInTimeIsInterrupted() throws Exception {
    CountDownLatch begins = new CountDownLatch(2);
    AtomicInteger interrupted = new AtomicInteger();
    open(
        2,
        SHORT,
        (chunk, into) -> {
          begins.countDown();
          try {
            never.await();
          } catch (InterruptedException e) {
            interrupted.incrementAndGet();
            throw e;
          }
        });
    accept("A", "B");
    begins.await();
    slots.close();
    while (closed.get() < 2) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(interrupted.get(), equalTo(2));
  }

  @Test
  void whatCannotBeInterruptedIsLeftAlone() throws Exception {
    CountDownLatch begins = new CountDownLatch(1);
    open(
        1,
        SHORT,
        (chunk, into) -> {
          begins.countDown();
          boolean isOver = false;
          while (!isOver) {
            try {
              never.await();
              isOver = true;
            } catch (InterruptedException e) {
              // Like a read from a socket.
              isOver = false;
            }
          }
        });
    accept("A");
    begins.await();
    slots.close();
    assertThat(closed.get(), equalTo(0));
    never.countDown();
    while (closed.get() < 1) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(givenBack, empty());
  }

  @Test
  void aChunkInPartsStopsBetweenThem() throws Exception {
    CountDownLatch begins = new CountDownLatch(1);
    CountDownLatch closing = new CountDownLatch(1);
    AtomicInteger parts = new AtomicInteger();
    open(
        1,
        LONG,
        (chunk, into) -> {
          begins.countDown();
          closing.await();
          LandedChunk part =
              Outcomes.of(chunk, LandedState.FAILED, "run-1", 1).setHttpStatus(504).build();
          for (int i = 0; i < 3; i++) {
            parts.incrementAndGet();
            into.ended(part, 1);
          }
        });
    accept("A");
    begins.await();
    Thread closer = new Thread(slots::close);
    closer.start();
    awaitWaiting(closer);
    closing.countDown();
    closer.join();
    assertThat(parts.get(), equalTo(1));
  }
}
