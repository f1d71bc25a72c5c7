// Playback: the moments of a figure, each for its duration.

/** The longest time between two frames that counts, in seconds: after a pause nothing is skipped. */
const LONGEST_FRAME = 0.25;

/** Plays moments: it calls `onStep` with the step of each, and `onState` when it starts or stops. */
export class Playback {
  /**
   * @param {(step: number) => void} onStep
   * @param {() => void} onState
   */
  constructor(onStep, onState) {
    this.onStep = onStep;
    this.onState = onState;
    this.speed = 1;
    this.playing = false;
    /** Whether it waits, as nobody can see it. */
    this.suspended = false;
    this.frame = null;
  }

  /**
   * Set what is played.
   *
   * @param {[number, number][]} moments - the step and the seconds of each frame.
   * @param {number} loop - the number of times that they are played; 0 is without end.
   */
  load(moments, loop) {
    this.moments = moments;
    this.loop = loop;
    this.rounds = 0;
    this.index = 0;
    this.elapsed = 0;
  }

  play() {
    if (this.index >= this.moments.length - 1) {
      this.index = 0;
      this.elapsed = 0;
      this.onStep(this.moments[0][0]);
    }
    this.rounds = 0;
    this.playing = true;
    this.#run();
    this.onState();
  }

  pause() {
    this.playing = false;
    this.#run();
    this.onState();
  }

  /** Go on from the first moment at a step or after it. */
  seek(step) {
    const index = this.moments.findIndex((moment) => moment[0] >= step);
    this.index = index < 0 ? this.moments.length - 1 : index;
    this.elapsed = 0;
  }

  /** Wait while nobody can see the figure. */
  suspend(suspended) {
    this.suspended = suspended;
    this.#run();
  }

  #run() {
    const running = this.playing && !this.suspended;
    if (running === (this.frame !== null)) return;
    if (!running) {
      cancelAnimationFrame(this.frame);
      this.frame = null;
      return;
    }
    let before = null;
    const advance = (now) => {
      this.frame = requestAnimationFrame(advance);
      const seconds = before === null ? 0 : Math.min((now - before) / 1000, LONGEST_FRAME);
      before = now;
      this.#advance(seconds * this.speed);
    };
    this.frame = requestAnimationFrame(advance);
  }

  #advance(seconds) {
    const before = this.index;
    this.elapsed += seconds;
    while (this.elapsed >= this.moments[this.index][1]) {
      this.elapsed -= this.moments[this.index][1];
      if (this.index < this.moments.length - 1) this.index += 1;
      else if (this.loop && (this.rounds += 1) >= this.loop) {
        this.pause();
        break;
      } else {
        this.index = 0;
        // Moments without a duration would be played for ever in one frame.
        if (!(this.moments.at(-1)[1] > 0)) break;
      }
    }
    if (this.index !== before) this.onStep(this.moments[this.index][0]);
  }
}
