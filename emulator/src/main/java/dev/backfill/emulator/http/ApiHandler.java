package dev.backfill.emulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.KeyRights;
import dev.backfill.emulator.fred.FredWorld;
import dev.backfill.emulator.market.Market;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Takes each request to its endpoint: identity, control, authentication, limits, faults, data. */
public final class ApiHandler extends Handler.Abstract {
  private static final String PREFIX = "/v0/";
  private static final Set<String> GET_AND_POST =
      Set.of(
          "timeseries.get_range",
          "symbology.resolve",
          "metadata.get_record_count",
          "metadata.get_billable_size",
          "metadata.get_cost");

  private final EmulatorConfig config;
  private final Market market;
  private final Faults faults;
  private final BilledLedger ledger;
  private final Control control;
  private final RateLimiter limiter;
  private final Metadata metadata;
  private final ResolveSymbols resolve;
  private final GetRange getRange;
  private final FredHandler fred;

  /** Both services, over a market and over a world of economic series. */
  public ApiHandler(
      EmulatorConfig config, Market market, FredWorld world, Faults faults, BilledLedger ledger) {
    this.config = config;
    this.market = market;
    this.faults = faults;
    this.ledger = ledger;
    this.control = new Control(faults, ledger, config.clock(), market, world);
    this.fred = new FredHandler(config, world, faults, ledger);
    this.limiter = new RateLimiter(config.rateLimitFactor(), System::nanoTime);
    Availability availability = new Availability(config);
    this.metadata = new Metadata(config, market, availability);
    this.resolve = new ResolveSymbols(market, availability);
    this.getRange = new GetRange(config, market, availability, ledger);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws IOException {
    String path = Request.getPathInContext(request);
    response.getHeaders().put("X-Emulator", "market=" + Market.VERSION + "; seed=" + market.seed());
    try {
      if (path.startsWith("/control/")) {
        String body = Content.Source.asString(request, StandardCharsets.UTF_8);
        Answers.json(
            response, callback, 200, control.answer(request.getMethod() + " " + path, body));
      } else if (path.equals(PREFIX)) {
        Answers.json(response, callback, 200, identity());
      } else if (path.startsWith(FredHandler.PREFIX)) {
        fred.handle(path, request, response, callback);
      } else if (path.startsWith(PREFIX)) {
        serve(path.substring(PREFIX.length()), request, response, callback);
      } else {
        throw ApiException.text(404, "Not Found", Map.of());
      }
    } catch (ApiException e) {
      Answers.error(response, callback, e);
    }
    return true;
  }

  private ObjectNode identity() {
    ObjectNode body = Answers.JSON.createObjectNode().put("api-version", "v0");
    body.putObject("emulator").put("market", Market.VERSION).put("seed", market.seed());
    return body;
  }

  private void serve(String method, Request request, Response response, Callback callback)
      throws ApiException, IOException {
    long number = ledger.next();
    response.getHeaders().put("request-id", requestId(number));
    Params params = params(method, request);
    Fault fault = faults.strike(method, Call.symbols(params));
    String key = key(request);
    Call call =
        new Call(
            number,
            method,
            params,
            key == null ? "" : key,
            rights(key),
            fault,
            request,
            response,
            callback);
    try {
      if (!strikesAtOnce(call)) {
        checkAccess(call);
        dispatch(call);
      }
    } catch (ApiException e) {
      ledger.add(call.entry(0, 0, e.status()));
      throw e;
    }
  }

  /** An id that looks random and is the same in every run. */
  private String requestId(long number) {
    long hash = dev.backfill.emulator.market.Hash.of(config.seed(), number);
    return String.format(Locale.ROOT, "%016x%016x", hash, number);
  }

  private static Params params(String method, Request request) throws ApiException, IOException {
    boolean post = request.getMethod().equals("POST");
    boolean get = request.getMethod().equals("GET");
    if (!get && !(post && GET_AND_POST.contains(method))) {
      throw ApiException.text(405, "Method Not Allowed", Map.of("Allow", "GET"));
    }
    return post
        ? new Params("body", Content.Source.asString(request, StandardCharsets.UTF_8))
        : new Params("query", request.getHttpURI().getQuery());
  }

  /** Waits and faults that come before any answer; true where the answer is given. */
  private boolean strikesAtOnce(Call call) throws IOException {
    WireOutput.pause(config.latency().toNanos());
    Fault fault = call.fault();
    if (fault == null) {
      return false;
    }
    if (fault.kind() == Fault.Kind.DELAY) {
      WireOutput.pause(TimeUnit.MILLISECONDS.toNanos(fault.millis()));
    }
    if (fault.kind() == Fault.Kind.STATUS) {
      if (fault.status() == 429 || fault.status() == 503) {
        call.response().getHeaders().put(HttpHeader.RETRY_AFTER, Long.toString(fault.at()));
      }
      ledger.add(call.entry(0, 0, fault.status()));
      if (fault.status() == 403) {
        String why = "A licence is required to access this data.";
        Answers.error(
            call.response(),
            call.callback(),
            ApiException.of(403, "license_not_found_unauthorized", why));
      } else {
        Answers.html(call.response(), call.callback(), fault.status());
      }
      return true;
    }
    if (fault.kind() == Fault.Kind.RESET && fault.at() <= 0) {
      ledger.add(call.entry(0, 0, 0));
      Answers.reset(call.request(), call.callback());
      return true;
    }
    return false;
  }

  private void checkAccess(Call call) throws ApiException {
    if (call.key().isEmpty()) {
      throw ApiException.text(401, "Not authenticated", Map.of("WWW-Authenticate", "Basic"));
    }
    if (!config.keys().containsKey(call.key())) {
      throw ApiException.of(401, "auth_authentication_failed", "Authentication failed.");
    }
    if (call.rights().locked()) {
      throw ApiException.of(403, "auth_account_locked", "The account is locked.");
    }
    String family = call.method().substring(0, Math.max(0, call.method().indexOf('.')));
    if (!limiter.allows(call.key(), family)) {
      throw ApiException.text(
          429, "Rate limit exceeded for " + family + ".", Map.of("Retry-After", "1"));
    }
  }

  private void dispatch(Call call) throws ApiException, IOException {
    if (call.method().equals("timeseries.get_range")) {
      getRange.answer(call);
      return;
    }
    JsonNode body =
        call.method().equals("symbology.resolve") ? resolve.answer(call) : metadata.answer(call);
    ledger.add(call.entry(0, 0, 200));
    Answers.json(call.response(), call.callback(), 200, body);
  }

  private KeyRights rights(@Nullable String key) {
    return config.keys().getOrDefault(key == null ? "" : key, KeyRights.of());
  }

  /** The user name of Basic authentication; null where there is none. */
  private static @Nullable String key(Request request) {
    String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    if (header == null || !header.regionMatches(true, 0, "Basic ", 0, 6)) {
      return null;
    }
    try {
      String decoded =
          new String(
              Base64.getDecoder().decode(header.substring(6).trim()), StandardCharsets.ISO_8859_1);
      int colon = decoded.indexOf(':');
      return colon < 0 ? decoded : decoded.substring(0, colon);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
