/** Before each file of component tests: the look of the application. */
import '../../renderer/app.css';
