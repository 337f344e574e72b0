package dev.backfill.emulator;

import java.util.Set;

/**
 * What one key may do.
 *
 * @param datasets datasets whose history it may buy
 * @param licensed datasets whose recent data it may have too (20 minutes old instead of 8 hours)
 * @param flatRate datasets that cost it nothing
 * @param denial how a dataset without rights is refused
 * @param locked whether the account is locked: everything is 403
 * @param outOfFunds whether the account cannot pay: data requests are 402
 */
public record KeyRights(
    Set<String> datasets,
    Set<String> licensed,
    Set<String> flatRate,
    Denial denial,
    boolean locked,
    boolean outOfFunds) {

  /** The forms in which the service refuses a dataset that the account has no right to. */
  public enum Denial {
    /** 403 auth_no_dataset_entitlement. */
    NO_ENTITLEMENT,
    /** 403 license_not_found_unauthorized. */
    NO_LICENSE,
    /** 422 dataset_unavailable_range. */
    UNAVAILABLE_RANGE
  }

  /** Copies the sets. */
  public KeyRights {
    datasets = Set.copyOf(datasets);
    licensed = Set.copyOf(licensed);
    flatRate = Set.copyOf(flatRate);
  }

  /** History of these datasets, paid as used, without a live licence. */
  public static KeyRights of(String... datasets) {
    return new KeyRights(Set.of(datasets), Set.of(), Set.of(), Denial.NO_ENTITLEMENT, false, false);
  }

  /** The same with live licences. */
  public KeyRights withLicensed(String... codes) {
    return new KeyRights(datasets, Set.of(codes), flatRate, denial, locked, outOfFunds);
  }

  /** The same with datasets that a flat-rate plan covers. */
  public KeyRights withFlatRate(String... codes) {
    return new KeyRights(datasets, licensed, Set.of(codes), denial, locked, outOfFunds);
  }

  /** The same with another form of refusal. */
  public KeyRights withDenial(Denial form) {
    return new KeyRights(datasets, licensed, flatRate, form, locked, outOfFunds);
  }

  /** The same with a locked account. */
  public KeyRights withLocked() {
    return new KeyRights(datasets, licensed, flatRate, denial, true, outOfFunds);
  }

  /** The same with an account that cannot pay. */
  public KeyRights withoutFunds() {
    return new KeyRights(datasets, licensed, flatRate, denial, locked, true);
  }
}
