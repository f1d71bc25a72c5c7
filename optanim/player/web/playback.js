// Playback: the moments of a figure, each for its duration.

/** Seconds: a longer time between two frames counts as this, so that nothing is skipped. */
const LONGEST_FRAME = 0.25;

/**
 * Plays moments.
 *
 * `moments` has the step and the seconds of each frame. `loop` is the number of times that they are
 * played; 0 is without end.
 */
export class Playback {
  /**
   * @param {(step: number) => void} onStep - called with the step of each moment.
   * @param {() => void} onState - called when it starts or stops.
   */
  constructor(onStep, onState) {
    Object.assign(this, { onStep, onState, speed: 1, playing: false, suspended: false });
    this.frame = null;
  }

  /** Go on from the first moment at a step or after it. */
  seek(step) {
    const index = this.moments.findIndex((moment) => moment[0] >= step);
    this.index = index < 0 ? this.moments.length - 1 : index;
    this.elapsed = 0;
  }

  play() {
    if (this.index === this.moments.length - 1) {
      this.index = this.elapsed = 0;
      this.onStep(this.moments[0][0]);
    }
    this.rounds = 0;
    this.#setPlaying(true);
  }

  pause() {
    this.#setPlaying(false);
  }

  /** Wait while nobody can see the figure. */
  suspend(suspended) {
    this.suspended = suspended;
    this.#run();
  }

  #setPlaying(playing) {
    this.playing = playing;
    this.#run();
    this.onState();
  }

  #run() {
    cancelAnimationFrame(this.frame);
    if (!this.playing || this.suspended) return;
    let before = performance.now();
    const advance = (now) => {
      this.frame = requestAnimationFrame(advance);
      const seconds = Math.min(Math.max(0, now - before) / 1000, LONGEST_FRAME);
      before = now;
      this.#advance(seconds * this.speed);
    };
    this.frame = requestAnimationFrame(advance);
  }

  #advance(seconds) {
    const before = this.index;
    this.elapsed += seconds;
    // Each moment is passed at most once in a frame, even if none has a duration.
    for (let passed = 0; passed < this.moments.length; passed++) {
      const duration = this.moments[this.index][1];
      if (this.elapsed < duration) break;
      const atEnd = this.index === this.moments.length - 1;
      if (atEnd && this.loop && (this.rounds += 1) >= this.loop) {
        this.pause();
        break;
      }
      this.elapsed -= duration;
      this.index = atEnd ? 0 : this.index + 1;
    }
    if (this.index !== before) this.onStep(this.moments[this.index][0]);
  }
}
