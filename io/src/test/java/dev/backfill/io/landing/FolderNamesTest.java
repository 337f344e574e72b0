package dev.backfill.io.landing;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderNamesTest {
  private static final Chunk ZL = Landings.chunk("ZL.v.0");

  @TempDir Path root;
  private final AtomicLong now = new AtomicLong(7);
  private final FolderNames names = new FolderNames(now::get);
  private Storage storage;

  @BeforeEach
  void open() throws IOException {
    storage = new Storage(root.toString());
    Files.createDirectories(root.resolve("f"));
  }

  /** As another process does. */
  private void another(String name) throws IOException {
    Files.writeString(root.resolve("f").resolve(name), "x");
  }

  @Test
  void theFolderIsListedOnceInAWhile() throws IOException {
    another("a-1.json");
    another("a-1.dbn.zst.9-0123456789ab.tmp");
    another("b-1.json");
    assertThat(names.look(storage, "f", "a"), contains("a-1.json"));
    another("a-2.json");
    now.addAndGet(FolderNames.KEPT_NS);
    assertThat("not listed again", names.look(storage, "f", "a"), contains("a-1.json"));
    now.addAndGet(1);
    assertThat(names.look(storage, "f", "a"), contains("a-1.json", "a-2.json"));
    assertThat(names.look(storage, "f", "c"), empty());
  }

  @Test
  void whatTheProcessWritesIsKnownAtOnce() throws IOException {
    assertThat(names.look(storage, "f", "a"), empty());
    another("a-1.json");
    names.add("a-1.json");
    assertThat(names.look(storage, "f", "a"), contains("a-1.json"));
  }

  @Test
  void aNameThatIsGoneIsFoundOut() throws IOException {
    another("a-1.json");
    assertThat(names.look(storage, "f", "a"), contains("a-1.json"));
    Files.move(root.resolve("f/a-1.json"), root.resolve("f/a-1.json.damaged"));
    assertThat(names.look(storage, "f", "a"), contains("a-1.json.damaged"));
    Files.delete(root.resolve("f/a-1.json.damaged"));
    assertThat(names.look(storage, "f", "a"), empty());
  }

  @Test
  void whatAnotherProcessHasWrittenIsSeenByLookingAnew(@TempDir Path elsewhere) throws IOException {
    LandingArea area = LandingArea.at(root.toString());
    assertThat(area.newest(ZL), equalTo(Optional.empty()));
    LandedChunk landed = Landings.land(LandingArea.at(elsewhere.toString()), ZL, "bars");
    try (Stream<Path> files = Files.walk(elsewhere)) {
      for (Path from : files.filter(Files::isRegularFile).toList()) {
        Path to = root.resolve(elsewhere.relativize(from));
        Files.createDirectories(to.getParent());
        Files.copy(from, to);
      }
    }
    assertThat("as it was listed before", area.newest(ZL), equalTo(Optional.empty()));
    area.lookAnew();
    assertThat(area.newest(ZL).orElseThrow().getSha256(), equalTo(landed.getSha256()));
  }

  @Test
  void areasOfAProcessKnowOfEachOther() throws IOException {
    LandingArea one = LandingArea.at(root.toString());
    LandingArea other = LandingArea.at(root + "/f/..");
    assertThat(one.newest(ZL), equalTo(Optional.empty()));
    assertThat(other.newest(ZL), equalTo(Optional.empty()));
    LandedChunk landed = Landings.land(one, ZL, "bars");
    assertThat(other.newest(ZL), equalTo(Optional.of(landed)));
    Landings.publish(other, ZL, "bars");
    assertThat(one.look(ZL).orphans(), hasSize(1));
    LandingArea.setAside(landed, "it is damaged");
    assertThat(other.newest(ZL), equalTo(Optional.empty()));
  }
}
