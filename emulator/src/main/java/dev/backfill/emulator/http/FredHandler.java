package dev.backfill.emulator.http;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.fred.FredWorld;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Takes each request below {@code /fred/} to its answer: faults, key, limit, data. Requests stand
 * in the ledger by their path, with the series as their symbol, and cost nothing.
 */
final class FredHandler {
  static final String PREFIX = "/fred/";
  private static final Pattern KEY = Pattern.compile("[0-9a-z]{32}");
  private static final String READ =
      "  Read https://fred.stlouisfed.org/docs/api/api_key.html for more information.";

  private final EmulatorConfig config;
  private final Faults faults;
  private final BilledLedger ledger;
  private final FredAnswers answers;
  private final FredLimit limit;

  FredHandler(EmulatorConfig config, FredWorld world, Faults faults, BilledLedger ledger) {
    this.config = config;
    this.faults = faults;
    this.ledger = ledger;
    this.answers = new FredAnswers(world);
    this.limit = new FredLimit(config.rateLimitFactor(), System::nanoTime);
  }

  void handle(String path, Request request, Response response, Callback callback)
      throws IOException {
    long number = ledger.next();
    String method = path.substring(1);
    Params params = new Params("query", request.getHttpURI().getQuery());
    String id = params.text("series_id", "");
    @Nullable Fault fault = faults.strike(method, List.of(id));
    WireOutput.pause(config.latency().toNanos());
    int status;
    if (fault != null && fault.kind() == Fault.Kind.DELAY) {
      WireOutput.pause(TimeUnit.MILLISECONDS.toNanos(fault.millis()));
    }
    if (fault != null && fault.kind() == Fault.Kind.STATUS) {
      status = fault.status();
      if (status == 429 || status == 503) {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, Long.toString(fault.at()));
      }
      log(number, method, params, id, status);
      Answers.html(response, callback, status);
      return;
    }
    if (fault != null && fault.kind() == Fault.Kind.RESET && fault.at() <= 0) {
      log(number, method, params, id, 0);
      Answers.reset(request, callback);
      return;
    }
    String body;
    try {
      body = answer(method, params, fault);
      status = 200;
    } catch (FredException e) {
      body = e.json();
      status = e.status();
    }
    log(number, method, params, id, status);
    send(request, response, callback, status, body, fault);
  }

  private void log(long number, String method, Params params, String id, int status) {
    ledger.add(
        new BilledLedger.Entry(
            number,
            method,
            BilledLedger.mask(params.text("api_key", "")),
            "",
            id,
            params.text("realtime_start", ""),
            params.text("realtime_end", ""),
            0,
            0,
            status));
  }

  private String answer(String method, Params params, @Nullable Fault fault) throws FredException {
    if (!method.equals("fred/series")
        && !method.equals("fred/series/observations")
        && !method.equals("fred/series/vintagedates")) {
      throw new FredException(404, "Not Found.  This emulator does not serve /" + method);
    }
    String key = checkedKey(params);
    if (!limit.allows(key)) {
      throw new FredException(429, "Too Many Requests.  Exceeded Rate Limit");
    }
    if (!params.text("file_type", "xml").equals("json")) {
      throw FredException.bad("This emulator serves file_type=json only; the default is xml.");
    }
    return switch (method) {
      case "fred/series" -> answers.series(params);
      case "fred/series/vintagedates" -> answers.vintageDates(params);
      default ->
          answers.observations(
              params, fault != null && fault.kind() == Fault.Kind.DROP_BARS ? fault.at() : 0);
    };
  }

  private String checkedKey(Params params) throws FredException {
    String key = params.text("api_key");
    if (key == null || key.isEmpty()) {
      throw FredException.bad("Variable api_key is not set." + READ);
    }
    if (!KEY.matcher(key).matches()) {
      throw FredException.bad(
          "The value for variable api_key is not a 32 character alpha-numeric lower-case string."
              + READ);
    }
    if (!config.fredKeys().contains(key)) {
      throw FredException.bad("The value for variable api_key is not registered." + READ);
    }
    return key;
  }

  private void send(
      Request request,
      Response response,
      Callback callback,
      int status,
      String body,
      @Nullable Fault fault)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json; charset=UTF-8");
    OutputStream wire = Content.Sink.asOutputStream(response);
    try (WireOutput out = new WireOutput(wire, fault, config.bytesPerSecond())) {
      out.write(bytes, 0, bytes.length);
      out.finish();
    } catch (WireOutput.CutException e) {
      if (!e.fault().clean()) {
        Answers.reset(request, callback);
        return;
      }
    }
    wire.close();
    callback.succeeded();
  }
}
