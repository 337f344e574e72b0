package dev.backfill.emulator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.market.Conditions;
import dev.backfill.emulator.market.Market;
import dev.backfill.emulator.market.Resolution;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;

/** timeseries.get_range: checks, then streams. */
final class GetRange {
  private static final int SHOWN_DAYS = 5;

  private final EmulatorConfig config;
  private final Market market;
  private final Availability availability;
  private final BilledLedger ledger;
  private final AnswerCache cache;

  GetRange(EmulatorConfig config, Market market, Availability availability, BilledLedger ledger) {
    this.config = config;
    this.market = market;
    this.availability = availability;
    this.ledger = ledger;
    this.cache = new AnswerCache(config.answerCacheBytes());
  }

  void answer(Call call) throws ApiException, IOException {
    DataRequest request = DataRequest.parse(call.params(), market, availability, call.rights());
    Encoding encoding = Encoding.parse(call.params());
    if (call.rights().outOfFunds()) {
      throw ApiException.of(
          402, "account_insufficient_funds", "The account has insufficient funds.");
    }
    Resolution resolution = request.resolve(market);
    if (beyondGateway(request)) {
      ledger.add(call.entry(0, 0, 504));
      Answers.html(call.response(), call.callback(), 504);
      return;
    }
    Response response = call.response();
    response.setStatus(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, encoding.contentType());
    List<String> warnings = warnings(request, resolution);
    if (!warnings.isEmpty()) {
      response.getHeaders().put("X-Warning", json(warnings));
    }
    stream(call, request, resolution, encoding);
  }

  private boolean beyondGateway(DataRequest request) {
    if (config.gatewayLimit() == 0) {
      return false;
    }
    long days = request.endDate().toEpochDay() - request.startDate().toEpochDay();
    long symbols = request.wholeUniverse() ? 5_000 : request.symbols().size();
    return symbols * days * request.schema().recordsPerDay() > config.gatewayLimit();
  }

  private void stream(Call call, DataRequest request, Resolution resolution, Encoding encoding)
      throws IOException {
    OutputStream sink = Content.Sink.asOutputStream(call.response());
    WireOutput wire = new WireOutput(sink, call.fault(), config.bytesPerSecond());
    BodyWriter body = new BodyWriter(config, market, request, resolution, encoding, call.fault());
    try {
      String key = cacheKey(call, request, encoding);
      if (key == null) {
        body.write(wire);
      } else {
        cache.write(key, body, wire);
      }
      wire.finish();
    } catch (WireOutput.CutException e) {
      billInFull(call, request);
      end(call, sink, e.fault());
      return;
    } catch (IOException e) {
      // The client went away.
      billInFull(call, request);
      throw e;
    }
    if (call.struckBy(Fault.Kind.CUT_RECORD)) {
      billInFull(call, request);
    } else {
      bill(call, request, body);
    }
    if (call.struckBy(Fault.Kind.CUT_RECORD) || call.struckBy(Fault.Kind.CUT_BETWEEN_FRAMES)) {
      end(call, sink, java.util.Objects.requireNonNull(call.fault()));
      return;
    }
    sink.close();
    call.callback().succeeded();
  }

  private void bill(Call call, DataRequest request, BodyWriter body) {
    ledger.add(call.entry(body.records() * request.schema().recordBytes(), body.records(), 200));
  }

  /**
   * An answer that broke off: how much of it was on its way is seen from neither end, so the bill
   * is the most that it can be.
   */
  private void billInFull(Call call, DataRequest request) {
    long all = request.count(market, config.dbnVersion());
    long records = request.limit() == 0 ? all : Math.min(all, request.limit());
    ledger.add(call.entry(records * request.schema().recordBytes(), records, 200));
  }

  /** Ends a body that was cut: as HTTP wants it, by closing, or by a reset. */
  private static void end(Call call, OutputStream sink, Fault fault) throws IOException {
    if (fault.kind() == Fault.Kind.RESET) {
      Answers.reset(call.request(), call.callback());
    } else if (fault.clean()) {
      sink.close();
      call.callback().succeeded();
    } else {
      call.callback().failed(new IOException("body cut on purpose"));
    }
  }

  /** What answers are equal by; null where the answer is not kept. */
  private @org.jspecify.annotations.Nullable String cacheKey(
      Call call, DataRequest request, Encoding encoding) {
    boolean changed =
        call.struckBy(Fault.Kind.DROP_BARS)
            || call.struckBy(Fault.Kind.CUT_RECORD)
            || call.struckBy(Fault.Kind.CUT_BETWEEN_FRAMES);
    return changed || !encoding.zstd() || config.answerCacheBytes() == 0
        ? null
        : request + " " + encoding + " " + market.revisions().generation();
  }

  private List<String> warnings(DataRequest request, Resolution resolution) {
    List<String> warnings = new ArrayList<>();
    List<String> unresolved = new ArrayList<>(resolution.notFound());
    unresolved.addAll(resolution.partial());
    if (!unresolved.isEmpty()) {
      warnings.add(
          "Warning: The streaming request had one or more symbols which did not fully resolve: "
              + DataRequest.shortList(unresolved));
    }
    List<LocalDate> degraded =
        Conditions.degraded(request.dataset(), request.startDate(), request.endDate());
    if (!degraded.isEmpty()) {
      List<String> days = degraded.stream().limit(SHOWN_DAYS).map(LocalDate::toString).toList();
      warnings.add(
          "Warning: The streaming request contained one or more days which have reduced quality: "
              + String.join(", ", days)
              + (degraded.size() > SHOWN_DAYS ? ", ..." : ""));
    }
    if (request.isEmpty(market)) {
      warnings.add("Warning: No data found for the request you submitted.");
    }
    return warnings;
  }

  private static String json(List<String> warnings) throws IOException {
    try {
      return Answers.JSON.writeValueAsString(warnings);
    } catch (JsonProcessingException e) {
      throw new IOException("cannot write the warnings", e);
    }
  }
}
